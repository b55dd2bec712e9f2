import { z } from 'zod';
import { FindingId, type FindingRecord } from '../../domain/finding-record.ts';
import type { CommitSha } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import type { OwnThread } from '../../ports/review-threads.ts';
import type { Candidate } from './candidates.ts';
import { bodyOf, type KnownCandidate } from './choose.ts';
import { findingIdIn, isSaidFixed, withFixedWord } from './marker.ts';
import type { Remembered } from './remember.ts';

/** What is to be done to a thread of ours. Each part may be done again: it changes nothing then. */
export const Upkeep = z.strictObject({
  /** Of the finding that the thread is about. */
  id: FindingId,
  threadId: z.string(),
  commentId: z.int(),
  commentNodeId: z.string(),
  /** The first comment as it is to be; null leaves it as it is. */
  body: z.string().nullable(),
  /** `resolve-or-fold`: where it may not be resolved, it is hidden as resolved; not so where somebody answered. */
  move: z.enum(['resolve', 'resolve-or-fold', 'unresolve', 'minimise', 'nothing']),
});
export type Upkeep = z.infer<typeof Upkeep>;

/** Our threads by the finding that they are about; of several about one the newest. */
export function threadsByFinding(threads: readonly OwnThread[]): ReadonlyMap<string, OwnThread> {
  return new Map(
    threads.flatMap((thread) => {
      const id = findingIdIn(thread.body);
      return id === undefined ? [] : [[id, thread] as const];
    }),
  );
}

/** What upkeep follows from: what was seen, and what stands there. */
interface UpkeepParts extends Remembered {
  readonly task: Pick<Task, 'headSha'>;
  readonly threadOf: ReadonlyMap<string, OwnThread>;
  readonly known: readonly KnownCandidate[];
  /** What was known before. */
  readonly before: readonly FindingRecord[];
}

/** What is to be done to our threads. Those of what people dismissed are left as they are. */
export function upkeepOf(parts: UpkeepParts): Upkeep[] {
  const { task, threadOf, records, fates, gone, known, before } = parts;
  const seen = new Set(records.map(({ id }) => id));
  const past = before.filter(({ id, state }) => state === 'fixed' && !seen.has(id));
  const ofFiles = known.filter(({ candidate }) => candidate.kind === 'file');
  const files = new Map(ofFiles.map(({ id, candidate }) => [id, candidate]));
  return [
    ...gone.flatMap(({ id }) => closeThread(threadOf.get(id), task.headSha)),
    ...past.flatMap(({ id }) => closeLate(threadOf.get(id), task.headSha)),
    ...records.flatMap(({ id }, at) => {
      const thread = threadOf.get(id);
      if (thread === undefined) return [];
      if (fates[at] === 'returned') return reopenThread(thread);
      return fates[at] === 'persisting' ? keepThread(thread, files.get(id), id) : [];
    }),
  ];
}

/** A thread whose finding is gone gets a word and is resolved; one that somebody resolved is done. */
function closeThread(thread: OwnThread | undefined, headSha: CommitSha): Upkeep[] {
  if (thread === undefined || thread.isResolved) return [];
  const move = thread.isAnswered ? 'resolve' : 'resolve-or-fold';
  return [upkeep(thread, withFixedWord(thread.body, headSha), move)];
}

/** A thread whose finding was fixed before: it should be closed, but a review that is shown late may have come after. */
function closeLate(thread: OwnThread | undefined, headSha: CommitSha): Upkeep[] {
  return thread === undefined || isSaidFixed(thread.body) ? [] : closeThread(thread, headSha);
}

/** A thread that we resolved, and whose finding came back, is opened again. */
function reopenThread(thread: OwnThread): Upkeep[] {
  const body = withFixedWord(thread.body, null);
  if (thread.isResolved) return [upkeep(thread, body, 'unresolve')];
  return body === thread.body ? [] : [upkeep(thread, body, 'nothing')];
}

/**
 * A thread whose finding is still there: its text as it would be written now, where it shows a whole file's changes;
 * hidden where its lines have gone from the diff and nobody has answered, since the check shows the finding where it is.
 */
function keepThread(thread: OwnThread, file: Candidate | undefined, id: string): Upkeep[] {
  // A review that did not get so far, or that was shown late, left the word that it is fixed.
  if (isSaidFixed(thread.body)) return reopenThread(thread);
  if (thread.isResolved) return [];
  if (file !== undefined) {
    const body = bodyOf(file, id);
    const isNew = body !== undefined && body !== thread.body;
    return isNew ? [upkeep(thread, body, 'nothing')] : [];
  }
  const isLeft = thread.isOutdated && !thread.isAnswered && !thread.isMinimised;
  return isLeft ? [upkeep(thread, null, 'minimise')] : [];
}

function upkeep(thread: OwnThread, body: string | null, move: Upkeep['move']): Upkeep {
  const { threadId, commentId, commentNodeId } = thread;
  const id = findingIdIn(thread.body) as Upkeep['id'];
  return { id, threadId, commentId, commentNodeId, body, move };
}
