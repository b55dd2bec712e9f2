import { maxPriorFindings, type PriorFinding } from '../protocol/task-input.ts';

/** What an agent is told of findings: first what it is asked to work on, then what else is known. None of them twice. */
export function toldFindings(
  asked: readonly PriorFinding[],
  known: readonly { readonly prior: PriorFinding }[],
): readonly PriorFinding[] {
  const told = new Map<string, PriorFinding>();
  for (const finding of [...asked, ...known.map(({ prior }) => prior)])
    if (!told.has(finding.id)) told.set(finding.id, finding);
  return [...told.values()].slice(0, maxPriorFindings);
}
