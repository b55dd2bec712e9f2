import type { FindingRecord } from '../../domain/finding-record.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { EffectiveTask } from '../../policy/effective-policy.ts';
import type { Hunk } from '../diff-hunks.ts';

/** Would the task have seen it, if it were still there? A tool that could not run has fixed nothing. */
export function isLooked(
  { tool, path }: FindingRecord,
  {
    outcome,
    rules: { agent, limits },
    hunks,
  }: {
    readonly outcome: Outcome;
    readonly rules: EffectiveTask;
    readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
  },
): boolean {
  // As many findings as may be: there may have been more.
  if (outcome.findings.length >= limits.findings) return false;
  if (outcome.omitted.some((one) => one.path === path)) return false;
  const failed = outcome.toolErrors.map((error) => error.tool);
  if (failed.includes(tool) || failed.includes(agent)) return false;
  if (tool === agent) return failed.length === 0;
  // A tool need not run where nothing is left of what it looks at; a file that is no part of the change has no findings.
  return outcome.tools.some(({ name }) => name === tool) || !hunks.has(path);
}
