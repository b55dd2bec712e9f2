import { z } from 'zod';
import { type Finding, Severity } from './finding.ts';
import { Marks } from './finding-record.ts';
import { marksIn } from './fingerprint.ts';
import type { Outcome } from './outcome.ts';

/** What somebody who may approve looked at when they took a finding out of the conclusion. */
export const Waiver = z.strictObject({ severity: Severity, marks: Marks });
export type Waiver = z.infer<typeof Waiver>;

/**
 * Does the waiver still speak of what is there now? Not where it got worse, and not where other lines are around it, unless
 * its tool knows it for the same: else a nit could be waived, and something else put in its place.
 */
function isWaived(waiver: Waiver, { severity }: Pick<Finding, 'severity'>, marks: Marks) {
  const order = Severity.options;
  if (order.indexOf(severity) > order.indexOf(waiver.severity)) return false;
  if (marks.key !== waiver.marks.key) return false;
  const isSameToTool = marks.toolKey !== null && marks.toolKey === waiver.marks.toolKey;
  return isSameToTool || marks.near === waiver.marks.near;
}

/** Positions of the findings that are waived as they are now. `ids` are theirs, in their order. */
export function waivedIn(
  outcome: Pick<Outcome, 'findings' | 'marks'>,
  ids: readonly string[],
  waivers: ReadonlyMap<string, Waiver>,
): ReadonlySet<number> {
  const marks = marksIn(outcome);
  const waived = outcome.findings.map((finding, at) => {
    const waiver = waivers.get(ids[at] ?? '');
    return waiver !== undefined && isWaived(waiver, finding, marks[at] as Marks);
  });
  return new Set(waived.flatMap((is, at) => (is ? [at] : [])));
}
