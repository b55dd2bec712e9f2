import type { CommitSha } from '../../../src/domain/ids.ts';
import type { RepositoryRef } from '../../../src/domain/repository.ts';
import {
  type CheckAction,
  type CheckAnnotation,
  type CheckOutput,
  type CheckRuns,
  type CheckState,
  type FailedCheckRun,
  type ForeignAnnotation,
  type JobLog,
  maxAnnotationsPerRequest,
  type OwnCheckRun,
} from '../../../src/ports/check-runs.ts';
import { absent } from './fake-place.ts';
import type { Faults } from './faults.ts';
import { assertCheck } from './github-rules.ts';

/** A check run as GitHub would show it. */
export interface FakeCheckRun {
  readonly id: number;
  readonly repositoryId: number;
  readonly name: string;
  readonly headSha: CommitSha;
  readonly externalId: string;
  state: CheckState;
  output: CheckOutput;
  annotations: CheckAnnotation[];
  actions: readonly CheckAction[];
}

/** A check run of another App. */
interface FakeForeignRun extends FailedCheckRun {
  readonly headSha: CommitSha;
  readonly annotations: readonly ForeignAnnotation[];
  readonly log?: JobLog;
}

/** Check runs in a map. */
export class FakeCheckRuns implements CheckRuns {
  /** Failed check runs of other Apps. */
  readonly foreign: FakeForeignRun[] = [];
  readonly #runs: Map<number, FakeCheckRun>;
  readonly #faults: Faults;
  readonly #nextId: () => number;

  constructor(runs: Map<number, FakeCheckRun>, faults: Faults, nextId: () => number) {
    this.#runs = runs;
    this.#faults = faults;
    this.#nextId = nextId;
  }

  create(...[repository, run]: Parameters<CheckRuns['create']>): Promise<number> {
    return this.#faults.around('checkRuns.create', () => {
      const annotations = [...(run.annotations ?? [])];
      if (annotations.length > maxAnnotationsPerRequest)
        throw new Error('more annotations than one request takes');
      assertCheck({ ...run, annotations, actions: [] });
      assertShort(run.output);
      const id = this.#nextId();
      const { repositoryId } = repository;
      this.#runs.set(id, { ...run, id, repositoryId, annotations, actions: [] });
      return id;
    });
  }

  update(...[repository, checkRunId, change]: Parameters<CheckRuns['update']>): Promise<void> {
    return this.#faults.around('checkRuns.update', () => {
      const run = this.#run(repository, checkRunId);
      const annotations = change.annotations ?? [];
      const actions = change.actions ?? [];
      assertCheck({ ...change, annotations, actions });
      assertShort(change.output);
      run.state = change.state;
      run.output = change.output;
      run.annotations.push(...annotations.slice(run.annotations.length));
      run.actions = actions;
    });
  }

  tell(...[repository, checkRunId, output]: Parameters<CheckRuns['tell']>): Promise<void> {
    return this.#faults.around('checkRuns.tell', () => {
      assertCheck({ output, annotations: [], actions: [] });
      assertShort(output);
      this.#run(repository, checkRunId).output = output;
    });
  }

  find(...[repository, headSha, externalId]: Parameters<CheckRuns['find']>) {
    return this.#faults.around(
      'checkRuns.find',
      () => this.#on(repository, headSha).find((run) => run.externalId === externalId)?.id,
    );
  }

  list(...[repository, headSha]: Parameters<CheckRuns['list']>): Promise<readonly OwnCheckRun[]> {
    return this.#faults.around('checkRuns.list', () =>
      this.#on(repository, headSha)
        .sort((a, b) => b.id - a.id)
        .map(({ id, name, externalId, state }) => {
          const conclusion = state.status === 'completed' ? state.conclusion : null;
          return { id, name, externalId, conclusion };
        }),
    );
  }

  failed(...[, headSha]: Parameters<CheckRuns['failed']>): Promise<readonly FailedCheckRun[]> {
    return this.#faults.around('checkRuns.failed', () =>
      this.foreign.filter((run) => run.headSha === headSha),
    );
  }

  annotations(...[, checkRunId]: Parameters<CheckRuns['annotations']>) {
    return this.#faults.around('checkRuns.annotations', () => {
      const run = this.foreign.find(({ id }) => id === checkRunId);
      return run?.annotations ?? absent(`check run ${checkRunId}`);
    });
  }

  jobLog(...[, checkRunId]: Parameters<CheckRuns['jobLog']>): Promise<JobLog> {
    return this.#faults.around('checkRuns.jobLog', () => {
      const run = this.foreign.find(({ id }) => id === checkRunId);
      return run?.log ?? { unread: 'gone' };
    });
  }

  #on({ repositoryId }: RepositoryRef, headSha: CommitSha): FakeCheckRun[] {
    return [...this.#runs.values()].filter(
      (run) => run.repositoryId === repositoryId && run.headSha === headSha,
    );
  }

  #run({ repositoryId }: RepositoryRef, checkRunId: number): FakeCheckRun {
    const run = this.#runs.get(checkRunId);
    if (run?.repositoryId !== repositoryId) return absent(`check run ${checkRunId}`);
    return run;
  }
}

/** Our own rule: a list of checks shows titles of seven words whole. No error that anything takes for GitHub's. */
function assertShort({ title }: CheckOutput): void {
  if (title.split(' ').length > 7) throw new Error(`a title of more than seven words: ${title}`);
}
