import { applySuggestions } from '../../../src/report/apply-suggestions.ts';
import { type Commitable, commit, commitBatch, commitOneByOne, linesOf } from './commit.ts';
import type { PlannedChange } from './plan-change.ts';
import type { ShownChange } from './played-change.ts';

/**
 * Holds a plan against the worker's file: what is suggested and what is left over are together exactly the
 * change; the suggestions give the same file in one batch and one by one in any order, and the worker's
 * when nothing is left over; GitHub refuses none.
 * @throws Error that says what is wrong
 */
export function insistExact(change: ShownChange, plan: PlannedChange): void {
  insist(allMade(change.head, plan) === change.fixed, 'the parts are not the change');
  insistTaken(change, plan.posted);
  const batch = commitBatch(change.head, plan.posted);
  const shuffled = inOrderOf(change.dice, plan.posted);
  insist(commitOneByOne(change.head, shuffled) === batch, 'the order of the commits matters');
  insist(applySuggestions(change.head, plan.posted) === batch, 'the product applies otherwise');
  if (plan.leftover.length + plan.unposted.length === 0)
    insist(batch === change.fixed, "all suggestions do not give the worker's file");
  insist(
    plan.notInline.length === plan.leftover.length + plan.unposted.length,
    'the report does not count what is left over',
  );
}

function insist(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** Each suggestion stands inside one hunk, changes its lines, and shares none with another. */
function insistTaken({ head, hunks }: ShownChange, posted: readonly Commitable[]): void {
  const lines = linesOf(head);
  let last = 0;
  for (const one of posted) {
    const { startLine, endLine, replacement } = one;
    const isShown = hunks.some(
      ({ newStart, newLines }) => startLine >= newStart && endLine < newStart + newLines,
    );
    insist(isShown, `lines ${startLine} to ${endLine} are in no hunk`);
    insist(startLine > last, `line ${startLine} has two suggestions`);
    const own = lines.slice(startLine - 1, endLine).join('');
    insist(replacement !== own, `the suggestion on line ${startLine} changes nothing`);
    insist(/^$|\n$/.test(replacement), `the suggestion on line ${startLine} ends in a line`);
    last = endLine;
  }
}

/** Suggestions and leftover edits made in one pass, all of them in lines of `head`. */
function allMade(head: string, { posted, unposted, leftover }: PlannedChange): string {
  const steps = [
    ...[...posted, ...unposted].map((one) => ({
      at: one.startLine,
      count: one.endLine - one.startLine + 1,
      added: linesOf(one.replacement),
    })),
    ...leftover.map(({ startLine, removed, added }) => ({
      at: startLine,
      count: removed.length,
      added,
    })),
  ].sort((a, b) => b.at - a.at || b.count - a.count);
  const lines = linesOf(head);
  for (const { at, count, added } of steps) lines.splice(at - 1, count, ...added);
  return lines.join('');
}

function inOrderOf(dice: readonly number[], suggestions: readonly Commitable[]): Commitable[] {
  return suggestions
    .map((suggestion, at) => ({ suggestion, die: dice[at % dice.length] ?? 0 }))
    .sort((a, b) => a.die - b.die)
    .map(({ suggestion }) => suggestion);
}

/** The same change once the suggestion with the lowest number is committed; the hunks stay where they were. */
export function afterOneCommit(change: ShownChange, { posted }: PlannedChange): ShownChange {
  const [first] = inOrderOf(change.dice, posted);
  if (first === undefined) return change;
  return { ...change, head: commit(linesOf(change.head), first).join('') };
}
