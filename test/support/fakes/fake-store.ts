import type { Approval } from '../../../src/domain/approval.ts';
import { type CommitSha, type Digest, digestOf, type TaskId } from '../../../src/domain/ids.ts';
import type { LedgerEvent } from '../../../src/domain/ledger-entry.ts';
import type { RepositoryRef } from '../../../src/domain/repository.ts';
import { mayBecome, type Task, TaskState } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type {
  ApprovalStore,
  ArtifactStore,
  RepositoryStore,
  StepStore,
  Store,
  TaskPatch,
  TaskStore,
} from '../../../src/ports/store.ts';
import { FakeContentPace } from './fake-content-pace.ts';
import { FakeFindingStore } from './fake-finding-store.ts';
import { FakeLedger } from './fake-ledger.ts';
import {
  FakeCursorStore,
  FakeLeaseStore,
  FakePauseStore,
  FakeReplyStore,
  FakeUsageStore,
} from './fake-small-stores.ts';
import { Faults } from './faults.ts';

/** Tasks in a map; each call happens in one turn of the event loop, so every transition is atomic. */
export class FakeTaskStore implements TaskStore {
  readonly rows = new Map<TaskId, Task>();
  /** Moves and new tasks that were not told of in the ledger. */
  readonly untold: { readonly id: TaskId; readonly to: TaskState }[] = [];
  readonly faults: Faults;
  readonly #clock: Clock;
  readonly #ledger: FakeLedger;

  constructor(clock: Clock, faults: Faults, ledger: FakeLedger) {
    this.#clock = clock;
    this.faults = faults;
    this.#ledger = ledger;
  }

  insert(task: Task, event?: LedgerEvent): Promise<boolean> {
    return this.faults.around('tasks.insert', () => {
      if (this.rows.has(task.id)) return false;
      this.#tell(task, event);
      this.rows.set(task.id, task);
      return true;
    });
  }

  get(id: TaskId): Promise<Task | undefined> {
    return this.faults.around('tasks.get', () => this.rows.get(id));
  }

  transition(
    ...[id, from, to, patch, tell]: Parameters<TaskStore['transition']>
  ): Promise<Task | undefined> {
    return this.faults.around('tasks.transition', () => {
      for (const state of from) {
        if (!mayBecome(state, to)) throw new Error(`a task does not go from ${state} to ${to}`);
      }
      const task = this.rows.get(id);
      if (task === undefined || !from.includes(task.state)) return undefined;
      const moved = { ...task, ...patch, state: to, updatedAtMs: this.#clock.nowMs() };
      this.#tell(moved, tell?.(moved));
      return this.#write(moved);
    });
  }

  patch(id: TaskId, patch: TaskPatch): Promise<void> {
    return this.faults.around('tasks.patch', () => {
      const task = this.rows.get(id);
      if (task !== undefined) this.#write({ ...task, ...patch });
    });
  }

  ofPullRequest(
    repositoryId: number,
    pullRequest: number,
    states: readonly TaskState[],
  ): Promise<readonly Task[]> {
    return this.faults.around('tasks.ofPullRequest', () =>
      this.#inOrder(states)
        .filter((task) => task.repository.repositoryId === repositoryId)
        .filter((task) => task.pullRequest === pullRequest)
        .toReversed(),
    );
  }

  ofHead(repositoryId: number, headSha: CommitSha): Promise<readonly Task[]> {
    return this.faults.around('tasks.ofHead', () =>
      this.#inOrder(TaskState.options)
        .filter((task) => task.repository.repositoryId === repositoryId)
        .filter((task) => task.headSha === headSha && task.subjectKind === 'pull-request')
        .toReversed(),
    );
  }

  ofInstallation(
    ...[installationId, states, limit]: Parameters<TaskStore['ofInstallation']>
  ): Promise<readonly Task[]> {
    return this.faults.around('tasks.ofInstallation', () =>
      this.#inOrder(states)
        .filter((task) => task.repository.installationId === installationId)
        .toReversed()
        .slice(0, limit),
    );
  }

  unconcluded(limit: number): Promise<readonly Task[]> {
    return this.faults.around('tasks.unconcluded', () =>
      this.#inOrder(TaskState.options)
        .filter((task) => !task.checkConcluded)
        .slice(0, limit),
    );
  }

  inStates(states: readonly TaskState[], limit: number): Promise<readonly Task[]> {
    return this.faults.around('tasks.inStates', () => this.#inOrder(states).slice(0, limit));
  }

  #inOrder(states: readonly TaskState[]): Task[] {
    return [...this.rows.values()]
      .filter((task) => states.includes(task.state))
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Before the move: an event that the ledger does not take moves nothing. */
  #tell({ id, state: to }: Task, event: LedgerEvent | undefined): void {
    if (event === undefined) this.untold.push({ id, to });
    else this.#ledger.appendNow(event);
  }

  #write(task: Task): Task {
    const written = { ...task, updatedAtMs: this.#clock.nowMs() };
    this.rows.set(task.id, written);
    return written;
  }
}

/** Steps in a map from `task/step` to the reference, or to null while only begun. */
export class FakeStepStore implements StepStore {
  readonly rows = new Map<string, string | null>();
  readonly faults: Faults;

  constructor(faults = new Faults()) {
    this.faults = faults;
  }

  begin(...[taskId, step]: Parameters<StepStore['begin']>): ReturnType<StepStore['begin']> {
    return this.faults.around('steps.begin', () => {
      const key = `${taskId}/${step}`;
      const reference = this.rows.get(key);
      if (reference === undefined) {
        this.rows.set(key, null);
        return { status: 'new' } as const;
      }
      if (reference === null) return { status: 'begun' } as const;
      return { status: 'done', reference } as const;
    });
  }

  find(...[taskId, step]: Parameters<StepStore['find']>): Promise<string | undefined> {
    return this.faults.around('steps.find', () => this.rows.get(`${taskId}/${step}`) ?? undefined);
  }

  keep(...[taskId, step, reference]: Parameters<StepStore['keep']>): Promise<string> {
    return this.faults.around('steps.keep', () => {
      const kept = this.rows.get(`${taskId}/${step}`) ?? reference;
      this.rows.set(`${taskId}/${step}`, kept);
      return kept;
    });
  }

  finish(...[taskId, step, reference]: Parameters<StepStore['finish']>): Promise<void> {
    return this.faults.around('steps.finish', () => {
      this.rows.set(`${taskId}/${step}`, reference);
    });
  }
}

/** Bytes in a map; `get` checks the digest, as a real one must. */
class FakeArtifactStore implements ArtifactStore {
  readonly rows = new Map<Digest, Uint8Array>();

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    this.rows.set(digest, bytes.slice());
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const bytes = this.rows.get(digest);
    if (bytes === undefined || digestOf(bytes) !== digest) {
      throw new SallyportError('store.corrupt', `no artifact ${digest}`);
    }
    return bytes.slice();
  }
}

/** Decisions in an array. */
class FakeApprovalStore implements ApprovalStore {
  readonly rows: Approval[] = [];

  async add(approval: Approval): Promise<void> {
    this.rows.push(approval);
  }

  async ofTask(taskId: TaskId): Promise<readonly Approval[]> {
    return this.rows.filter((row) => row.taskId === taskId);
  }
}

/** Repositories as the tasks name them. */
class FakeRepositoryStore implements RepositoryStore {
  readonly #tasks: FakeTaskStore;

  constructor(tasks: FakeTaskStore) {
    this.#tasks = tasks;
  }

  async known(limit: number): Promise<readonly RepositoryRef[]> {
    const oldestFirst = await this.#tasks.inStates(TaskState.options, Number.POSITIVE_INFINITY);
    const byId = new Map<number, RepositoryRef>();
    for (const { repository } of oldestFirst.toReversed()) {
      if (!byId.has(repository.repositoryId)) byId.set(repository.repositoryId, repository);
    }
    return [...byId.values()].slice(0, limit);
  }

  async move(repository: RepositoryRef): Promise<void> {
    for (const task of this.#tasks.rows.values()) {
      const isMeant = task.repository.repositoryId === repository.repositoryId;
      if (isMeant) this.#tasks.rows.set(task.id, { ...task, repository });
    }
  }
}

/** The whole database in memory. Plan faults of tasks and steps on `faults`. */
export class FakeStore implements Store {
  readonly faults = new Faults();
  readonly tasks: FakeTaskStore;
  readonly approvals = new FakeApprovalStore();
  readonly steps = new FakeStepStore(this.faults);
  readonly artifacts = new FakeArtifactStore();
  readonly ledger: FakeLedger;
  readonly pauses = new FakePauseStore();
  readonly replies = new FakeReplyStore();
  readonly repositories: FakeRepositoryStore;
  readonly cursors = new FakeCursorStore();
  readonly usage = new FakeUsageStore();
  readonly leases = new FakeLeaseStore();
  readonly findings = new FakeFindingStore(this.steps);
  readonly contentPace = new FakeContentPace();

  constructor(clock: Clock, ledger = new FakeLedger(clock)) {
    this.ledger = ledger;
    this.tasks = new FakeTaskStore(clock, this.faults, ledger);
    this.repositories = new FakeRepositoryStore(this.tasks);
  }

  ping(): Promise<void> {
    return this.faults.around('ping', () => undefined);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
