import { z } from 'zod';
import { CommitSha, DeliveryId, Digest, TaskId } from './ids.ts';
import { Parameters } from './parameters.ts';
import { Actor, RepositoryRef } from './repository.ts';

/** What a task is for: `review` says what is wrong, `fix` also proposes a patch. */
export const TaskKind = z.enum(['review', 'fix']);
export type TaskKind = z.infer<typeof TaskKind>;

/** What a task was asked for on. GitHub counts both kinds of a repository in one row of numbers. */
export const SubjectKind = z.enum(['pull-request', 'issue']);
export type SubjectKind = z.infer<typeof SubjectKind>;

/** Where a task is in its life; see `transitions` for what may follow what. */
export const TaskState = z.enum([
  'awaiting-run-approval',
  'queued',
  'preparing',
  'running',
  'collecting',
  'publishing',
  'awaiting-approval',
  'applying',
  'done',
  'failed',
  'timed-out',
  'cancelled',
  'superseded',
]);
export type TaskState = z.infer<typeof TaskState>;

const endings = ['failed', 'timed-out', 'cancelled', 'superseded'] as const;

/**
 * The whole life of a task. `queued` after a later state is a second attempt, made when a runner died.
 * An ending state has no successor: nothing revives a concluded task, a new task is made instead.
 */
const transitions: Readonly<Record<TaskState, readonly TaskState[]>> = {
  'awaiting-run-approval': ['queued', 'cancelled', 'superseded'],
  queued: ['preparing', ...endings],
  preparing: ['running', 'queued', ...endings],
  running: ['collecting', 'queued', ...endings],
  collecting: ['publishing', 'queued', ...endings],
  publishing: ['awaiting-approval', 'done', ...endings],
  'awaiting-approval': ['applying', ...endings],
  applying: ['done', 'awaiting-approval', ...endings],
  done: [],
  failed: [],
  'timed-out': [],
  cancelled: [],
  superseded: [],
};

/** May a task go from `from` to `to`? */
export function mayBecome(from: TaskState, to: TaskState): boolean {
  return transitions[from].includes(to);
}

/** Has a task in this state ended for good? */
export function isEnded(state: TaskState): boolean {
  return transitions[state].length === 0;
}

/** Every state from which a task can still go on. */
export const liveStates: readonly TaskState[] = TaskState.options.filter(
  (state) => !isEnded(state),
);

/** One unit of work on one commit for one pull request or issue, as the store keeps it. Times are epoch ms. */
export const Task = z.strictObject({
  id: TaskId,
  /** What the policy calls the task. */
  name: z.string().min(1).max(64),
  kind: TaskKind,
  state: TaskState,
  repository: RepositoryRef,
  subjectKind: SubjectKind,
  /** Number of the pull request, or of the issue. */
  pullRequest: z.int().positive(),
  /** For an issue both are the commit that the default branch was at when the task was planned. */
  headSha: CommitSha,
  baseSha: CommitSha,
  /** The delivery that asked for it. */
  cause: DeliveryId,
  /** What the maintainer wrote after `/sallyport fix`; null when nothing. Data, never a command line. */
  instructions: z.string().max(4_000).nullable(),
  /** The values after `/sallyport run TASK`; data as well. */
  parameters: Parameters,
  requestedBy: Actor,
  /** Did it start by itself, on an event? */
  isAutomatic: z.boolean(),
  /** Digest of the policy that the task was planned under; an approval is bound to it. */
  policyDigest: Digest,
  /** GitHub's id of the check run; null until it has been created, and for an issue, which has none. */
  checkRunId: z.int().positive().nullable(),
  /** Does GitHub show this task's latest state, in its check run or on its issue? Reconciling starts from those that it does not. */
  checkConcluded: z.boolean(),
  /** 1 for the first run; a task whose runner died is tried once more. */
  attempt: z.int().min(1),
  /** The runner that holds it; null when none does. */
  runnerId: z.string().nullable(),
  inputDigest: Digest.nullable(),
  imageDigest: z.string().nullable(),
  /** Artifact that holds the validated outcome (`domain/outcome`). */
  outcomeDigest: Digest.nullable(),
  patchDigest: Digest.nullable(),
  /** Why it ended, e.g. `limit:wall-clock`, `result:malformed`; null while it lives or when all went well. */
  reason: z.string().max(200).nullable(),
  createdAtMs: z.int().nonnegative(),
  updatedAtMs: z.int().nonnegative(),
});
export type Task = z.infer<typeof Task>;
