import type { CommitSha } from '../../../src/domain/ids.ts';
import type { RepositoryRef } from '../../../src/domain/repository.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { Issue, Issues, NewPullRequest } from '../../../src/ports/issues.ts';
import type { FakeBranch } from './fake-github.ts';
import { absent } from './fake-place.ts';
import type { Faults } from './faults.ts';

/** Issues in memory, and the pull requests that the App opened. Method names for faults begin with `issues.`. */
export class FakeIssues implements Issues {
  /** By number, in every repository. */
  readonly known = new Map<number, Issue>();
  /** Oldest first. */
  readonly opened: (NewPullRequest & { readonly number: number; state: 'open' | 'closed' })[] = [];
  /** Labels of the repository. */
  readonly labels: string[] = [];
  /** Every request for labels on an issue, oldest first. */
  readonly labelled: { readonly number: number; readonly labels: readonly string[] }[] = [];
  readonly #faults: Faults;
  readonly #branches: () => Map<string, FakeBranch>;

  /** `branches` by `repositoryId:branch`. */
  constructor(faults: Faults, branches: () => Map<string, FakeBranch>) {
    this.#faults = faults;
    this.#branches = branches;
  }

  get(_repository: RepositoryRef, number: number): Promise<Issue> {
    return this.#faults.around(
      'issues.get',
      () => this.known.get(number) ?? absent(`issue ${number}`),
    );
  }

  defaultBranch(repository: RepositoryRef): ReturnType<Issues['defaultBranch']> {
    return this.#faults.around('issues.defaultBranch', () => {
      const name = 'main';
      const head = this.#branches().get(`${repository.repositoryId}:${name}`) ?? absent(name);
      return { name, headSha: head.sha };
    });
  }

  /** The parents of the branches' heads are all the history there is. */
  isOnDefaultBranch(repository: RepositoryRef, sha: CommitSha): Promise<boolean> {
    return this.#faults.around('issues.isOnDefaultBranch', () => {
      const head = this.#branches().get(`${repository.repositoryId}:main`) ?? absent('main');
      return head.sha === sha || head.parents.includes(sha);
    });
  }

  createBranch(repository: RepositoryRef, branch: string, sha: CommitSha): Promise<void> {
    return this.#faults.around('issues.createBranch', () => {
      const branches = this.#branches();
      const key = `${repository.repositoryId}:${branch}`;
      if (branches.has(key)) return;
      const at = [...branches.values()].find((one) => one.sha === sha);
      branches.set(key, at ?? absent(`commit ${sha}`));
    });
  }

  openPullRequest(repository: RepositoryRef, wish: NewPullRequest): Promise<number> {
    return this.#faults.around('issues.openPullRequest', () => {
      const isThere = this.#branches().has(`${repository.repositoryId}:${wish.branch}`);
      const isTaken = this.opened.some(
        ({ branch, state }) => branch === wish.branch && state === 'open',
      );
      if (!isThere || isTaken) throw new SallyportError('github.rejected', 'no such pull request');
      const number = 900 + this.opened.length;
      this.opened.push({ ...wish, number, state: 'open' });
      return number;
    });
  }

  existingLabels(...[, labels]: Parameters<Issues['existingLabels']>) {
    return this.#faults.around('issues.existingLabels', () =>
      this.labels.filter((one) => labels.some((name) => name.toLowerCase() === one.toLowerCase())),
    );
  }

  addLabels(...[, number, labels]: Parameters<Issues['addLabels']>): Promise<void> {
    return this.#faults.around('issues.addLabels', () => {
      if (!this.known.has(number)) absent(`issue ${number}`);
      this.labelled.push({ number, labels });
    });
  }

  findPullRequest(_repository: RepositoryRef, branch: string): Promise<number | undefined> {
    return this.#faults.around(
      'issues.findPullRequest',
      () => this.opened.findLast((one) => one.branch === branch)?.number,
    );
  }
}
