import { planUnrun } from '../report/plan-unrun.ts';
import type { Context } from './context.ts';
import { hasForeignCheck } from './foreign-check.ts';
import { showUnrun, type Unrun } from './show-unrun.ts';

/**
 * Says that a draft starts nothing yet, with a conclusion that lets nothing through; GitHub merges no draft. Not
 * over the check of another pull request with this head: anybody could hold that one up with a draft.
 */
export async function showDraft(
  context: Context,
  place: Omit<Unrun, 'view'>,
  rule: string,
): Promise<void> {
  if (await hasForeignCheck(context, place)) return;
  const view = planUnrun({
    title: 'Starts when ready for review',
    reason: 'A draft does not start it.',
    rule,
    conclusion: 'action_required',
  });
  await showUnrun(context, { ...place, view });
}
