import type { CheckView } from './plan-state.ts';

/** What lets a merge through (docs.github.com, required status checks). */
const passing: readonly (string | null)[] = ['success', 'neutral', 'skipped'];

/** Does a check with this conclusion, null for an open one, let a merge through? */
export function isPass(conclusion: string | null): boolean {
  return passing.includes(conclusion);
}

/** Does this view let a merge through? */
export function isPassing({ state }: CheckView): boolean {
  return state.status === 'completed' && isPass(state.conclusion);
}

/** A check that would pass, on a commit that is also the head of `sibling`, whose check has not passed. */
export function withSibling(view: CheckView, sibling: number): CheckView {
  const note = [
    `This pull request’s own check has passed. Its head is also the head of #${sibling}, whose check has`,
    'not, and GitHub shows one check of a name for a commit. The check passes when both have, or when',
    `#${sibling} is closed or has another head.\n\n`,
  ].join(' ');
  return {
    ...view,
    state: { status: 'completed', conclusion: 'failure' },
    output: {
      ...view.output,
      title: `Waits for #${sibling}, which shares this head`,
      summary: `${note}${view.output.summary}`,
    },
  };
}
