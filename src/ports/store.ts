import type { Approval } from '../domain/approval.ts';
import type { CommitSha, Digest, TaskId } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Task, TaskState } from '../domain/task.ts';
import type { UsageRow, UsedAmounts } from '../domain/usage.ts';
import type { ContentPace } from './content-pace.ts';
import type { FindingStore } from './finding-store.ts';
import type { LeaseStore } from './leases.ts';
import type { PullRequestKey } from './pull-request-key.ts';

/** Fields of a task that change while it lives. */
export type TaskPatch = Partial<
  Pick<
    Task,
    | 'kind'
    | 'policyDigest'
    | 'checkRunId'
    | 'checkConcluded'
    | 'attempt'
    | 'runnerId'
    | 'inputDigest'
    | 'imageDigest'
    | 'outcomeDigest'
    | 'patchDigest'
    | 'reason'
  >
>;

/** The row of the ledger that tells of a move, made from the task as it is after it. */
export type TellMove = (moved: Task) => LedgerEvent;

/** The record of tasks. @throws SallyportError `store.unavailable`, `store.corrupt` */
export interface TaskStore {
  /**
   * Stores a new task, and `event` in the ledger with it: both or neither. False, and nothing changed, when its
   * id is there already.
   */
  insert(task: Task, event?: LedgerEvent): Promise<boolean>;
  get(id: TaskId): Promise<Task | undefined>;
  /**
   * Compare and set: moves the task to `to` only if its state is one of `from`, applying `patch` and appending
   * what `tell` says to the ledger in the same transaction: whenever the process dies, a move has its row and
   * a row its move. Returns the new task, or undefined when another got there first.
   * A move that `domain/task` does not allow is a programming fault and throws.
   */
  transition(
    id: TaskId,
    from: readonly TaskState[],
    to: TaskState,
    patch?: TaskPatch,
    tell?: TellMove,
  ): Promise<Task | undefined>;
  /** Changes fields without moving the task. */
  patch(id: TaskId, patch: TaskPatch): Promise<void>;
  /** Tasks of one pull request or issue in any of `states`, newest first. */
  ofPullRequest(
    repositoryId: number,
    pullRequest: number,
    states: readonly TaskState[],
  ): Promise<readonly Task[]>;
  /** Tasks on one commit of a repository, of whichever pull request, newest first. None of an issue: those have no check. */
  ofHead(repositoryId: number, headSha: CommitSha): Promise<readonly Task[]>;
  /** Tasks of one installation in any of `states`, newest first, at most `limit`. */
  ofInstallation(
    installationId: number,
    states: readonly TaskState[],
    limit: number,
  ): Promise<readonly Task[]>;
  /** Tasks whose `checkConcluded` is false, whatever their state, oldest first, at most `limit`. */
  unconcluded(limit: number): Promise<readonly Task[]>;
  /** Tasks in any of `states`, oldest first, at most `limit`. */
  inStates(states: readonly TaskState[], limit: number): Promise<readonly Task[]>;
}

/** Decisions at the gates, append-only. */
export interface ApprovalStore {
  add(approval: Approval): Promise<void>;
  ofTask(taskId: TaskId): Promise<readonly Approval[]>;
}

/**
 * Outside effects already made, so that a retry makes none twice.
 * The key is a task's id, or for a reply an id derived from what it answers: no task need exist.
 * `begun` means that a process may have died between the effect and its record: look on GitHub first.
 */
export interface StepStore {
  begin(
    taskId: TaskId,
    step: string,
  ): Promise<
    | { readonly status: 'new' }
    | { readonly status: 'begun' }
    | { readonly status: 'done'; readonly reference: string }
  >;
  finish(taskId: TaskId, step: string, reference: string): Promise<void>;
  /** Finishes a step unless it is done; returns the reference that is kept, of whichever process was first. */
  keep(taskId: TaskId, step: string, reference: string): Promise<string>;
  /** The reference of a step that is done; undefined for any other. Begins nothing. */
  find(taskId: TaskId, step: string): Promise<string | undefined>;
}

/** Bytes by content. */
export interface ArtifactStore {
  put(bytes: Uint8Array): Promise<Digest>;
  /** @throws SallyportError `store.corrupt` when it is missing or its digest is not what was asked for. */
  get(digest: Digest): Promise<Uint8Array>;
}

/** Pull requests on which nothing starts by itself. */
export interface PauseStore {
  /** Keeps the word that was said at `atMs`, unless a later one is kept: retries come out of order. */
  set(word: PullRequestKey & { readonly isPaused: boolean; readonly atMs: number }): Promise<void>;
  /** False where nobody ever said anything. */
  isPaused(pullRequest: PullRequestKey): Promise<boolean>;
}

/** An answer of Sallyport's, kept so that the one comment it stands in can be written anew. */
export interface KeptReply {
  readonly key: TaskId;
  /** Markdown. */
  readonly text: string;
}

/** Answers by the thread of work that they belong to. */
export interface ReplyStore {
  /** Keeps an answer; nothing is changed when its key is there already. */
  add(thread: TaskId, reply: KeptReply): Promise<void>;
  /** Keeps an answer as the newest of its thread, in place of what its key had; the same text again changes nothing. */
  put(thread: TaskId, reply: KeptReply): Promise<void>;
  /** The last `limit` of a thread, newest first. */
  latest(thread: TaskId, limit: number): Promise<readonly KeptReply[]>;
}

/** Repositories in which there was work. */
export interface RepositoryStore {
  /** Each as its newest task has it, the one with the newest task first, at most `limit`. */
  known(limit: number): Promise<readonly RepositoryRef[]>;
  /** Has every task of the repository, by its id, name it as it is called and reached now. */
  move(repository: RepositoryRef): Promise<void>;
}

/** How far something has come, by name; epoch ms. */
export interface CursorStore {
  /** 0 for one that was never moved. */
  at(name: string): Promise<number>;
  /** Compare and set: false, and nothing changed, when it does not stand at `from` any more. */
  move(name: string, fromMs: number, toMs: number): Promise<boolean>;
}

/** Whose use is summed: of an installation, or of a part of it. */
export interface UsagePlace {
  readonly installationId: number;
  readonly repositoryId?: number;
  readonly pullRequest?: number;
  readonly taskName?: string;
  readonly taskId?: TaskId;
}

/** What attempts used. */
export interface UsageStore {
  /** Keeps what an attempt uses; a second word on the same attempt replaces its amounts alone. */
  put(used: UsageRow): Promise<void>;
  /** Did an attempt of this task begin at `sinceMs` or later? */
  has(taskId: TaskId, sinceMs: number): Promise<boolean>;
  /** Of the attempts that began at `sinceMs` or later. */
  sum(sinceMs: number, place: UsagePlace): Promise<UsedAmounts>;
}

/** The database, whichever it is. */
export interface Store {
  readonly tasks: TaskStore;
  readonly approvals: ApprovalStore;
  readonly steps: StepStore;
  readonly artifacts: ArtifactStore;
  readonly pauses: PauseStore;
  readonly replies: ReplyStore;
  readonly repositories: RepositoryStore;
  readonly cursors: CursorStore;
  readonly usage: UsageStore;
  readonly leases: LeaseStore;
  readonly findings: FindingStore;
  readonly contentPace: ContentPace;
  ping(): Promise<void>;
  close(): Promise<void>;
}
