import { maxPriorFindings, type PriorFinding } from '../protocol/task-input.ts';

/** What an agent is told of findings: first what it is asked to work on, then what else is known. None of them twice. */
export function toldFindings(
  asked: readonly PriorFinding[],
  known: readonly { readonly prior: PriorFinding }[],
): readonly PriorFinding[] {
  const ids = new Set(asked.map(({ id }) => id));
  const others = known.map(({ prior }) => prior).filter(({ id }) => !ids.has(id));
  return [...asked, ...others].slice(0, maxPriorFindings);
}
