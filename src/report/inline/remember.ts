import type { FindingRecord } from '../../domain/finding-record.ts';
import { shortDigestOf, type TaskId } from '../../domain/ids.ts';
import { matchFindings } from '../../domain/match-findings.ts';
import type { Subject } from './subject.ts';

/** What became of something since the last task of this name looked at the pull request. */
export type Fate = 'fresh' | 'persisting' | 'returned' | 'dismissed';

/** What a task saw, held against what was known. */
export interface Remembered {
  /** One for each subject, in their order, as they are now. */
  readonly records: readonly FindingRecord[];
  /** Parallel to `records`. */
  readonly fates: readonly Fate[];
  /** Open until now, and not there any more; fixed as they stand here. */
  readonly gone: readonly FindingRecord[];
  /** Open, and not seen because nobody looked; the oldest first. */
  readonly missed: readonly FindingRecord[];
}

/**
 * Tells what is new, what is still there and what is gone. What is not seen any more is fixed only where `isLooked` says
 * that it was looked for: a tool that could not run has fixed nothing.
 */
export function remember(
  known: readonly FindingRecord[],
  subjects: readonly Subject[],
  {
    taskId,
    isLooked,
  }: {
    readonly taskId: TaskId;
    readonly isLooked: (record: FindingRecord) => boolean;
  },
): Remembered {
  const { recordOf, unseen } = matchFindings(known, subjects);
  const fates: Fate[] = [];
  const records = subjects.map((subject, at): FindingRecord => {
    const before = recordOf[at];
    fates.push(fateOf(before));
    const { tool, rule, severity, path, marks } = subject;
    const now = { tool, rule, severity, path, marks, lastTask: taskId };
    if (before === undefined) {
      const id = idOf(taskId, at);
      return { ...now, id, state: 'open', place: 'check', firstTask: taskId, dismissal: null };
    }
    return { ...before, ...now, state: before.state === 'fixed' ? 'open' : before.state };
  });
  const gone: FindingRecord[] = [];
  const missed: FindingRecord[] = [];
  for (const record of unseen.filter(({ state }) => state === 'open')) {
    if (isLooked(record)) gone.push({ ...record, state: 'fixed' });
    else missed.push(record);
  }
  return { records, fates, gone, missed };
}

function fateOf(before: FindingRecord | undefined): Fate {
  if (before === undefined) return 'fresh';
  if (before.state === 'open') return 'persisting';
  return before.state === 'fixed' ? 'returned' : 'dismissed';
}

/** Derived, so that a task that is planned twice gives one finding one id. */
function idOf(taskId: TaskId, at: number): string {
  return shortDigestOf(`${taskId}:${at}`, 12);
}
