import { isAnalyser } from '../../domain/analysers.ts';
import type { FindingRecord } from '../../domain/finding-record.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { JudgedFinding } from '../../domain/second-opinion.ts';
import type { EffectiveTask } from '../../policy/effective-policy.ts';
import type { Hunk } from '../diff-hunks.ts';
import { isOwnChange } from './subject.ts';

/** What is known of a run, and what it was about. */
interface LookParts {
  readonly outcome: Outcome;
  readonly rules: EffectiveTask;
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
}

/**
 * Tells of a finding whether the task would have seen it, if it were still there. A tool that could not run has fixed
 * nothing. Made once for all findings: there may be as many of them as of files that were left out.
 */
export function lookOf(parts: LookParts): (record: FindingRecord) => boolean {
  const { outcome, rules, hunks } = parts;
  const { agent, limits } = rules;
  const gone = new Set(outcome.gone);
  const omitted = new Set(outcome.omitted.map(({ path }) => path));
  const failed = new Set(outcome.toolErrors.map((error) => error.tool));
  const ran = new Set(outcome.tools.map(({ name }) => name));
  const drops = (outcome.opinions?.items ?? []).filter(isDropped);
  const dropped = new Set(drops.map(placeOf));
  const isFull = outcome.findings.length + drops.length >= limits.findings;
  return (record) => {
    const { id, tool, path } = record;
    // It is there still, for one of two agents: that nobody is told of it again does not mean that it is fixed.
    if (dropped.has(placeOf(record))) return false;
    // A model that does not repeat itself has settled nothing: only the end of the text that it spoke of does.
    if (!isAnalyser(agent) && !isOwnChange(record)) return gone.has(id);
    // As many findings as may be: there may have been more.
    if (isFull || omitted.has(path) || failed.has(tool) || failed.has(agent)) return false;
    if (tool === agent) return failed.size === 0;
    // A tool need not run where nothing is left of what it looks at; a file that is no part of the change has no findings.
    return ran.has(tool) || !hunks.has(path);
  };
}

function isDropped({ action }: JudgedFinding): boolean {
  return action === 'dropped';
}

function placeOf(one: FindingRecord | JudgedFinding): string {
  const { path } = 'finding' in one ? one.finding : one;
  return `${one.marks.key} ${path}`;
}
