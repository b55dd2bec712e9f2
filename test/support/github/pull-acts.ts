import type { BranchSource } from './branch-source.ts';
import { sendIssue, sendPullRequest } from './events.ts';
import { addLabel } from './labels.ts';
import { newIssue, openPullRequest } from './open-pull.ts';
import type { PullRequest } from './records.ts';
import { RepositoryActs } from './repository-acts.ts';
import { fullName } from './world.ts';

/** A pull request to be. `headRepo` (a fork, `owner/name`) defaults to `repo`. */
export interface PullRequestWish {
  readonly repo: string;
  readonly author: string;
  readonly base?: string;
  readonly head: string;
  readonly title: string;
  readonly body?: string | null;
  readonly headRepo?: string;
  readonly draft?: boolean;
}

/** The life of issues and pull requests. */
export class PullActs extends RepositoryActs {
  /** Opens a pull request and sends `pull_request.opened`. */
  async openPullRequest(wish: PullRequestWish): Promise<PullRequest> {
    const repo = this.world.repository(wish.repo);
    const { pullRequest, announced } = await openPullRequest(
      this.scene(this.world.addUser(wish.author)),
      {
        repo,
        headRepo: wish.headRepo === undefined ? repo : this.world.repository(wish.headRepo),
        base: wish.base ?? repo.defaultBranch,
        head: wish.head,
        title: wish.title,
        body: wish.body ?? null,
        draft: wish.draft ?? false,
      },
    );
    await announced();
    return pullRequest;
  }

  /** Pushes to the head of a pull request: `push`, `check_suite.requested`, `synchronize`. Returns the new head. */
  async pushToPullRequest(
    repo: string,
    number: number,
    source: BranchSource,
    login?: string,
  ): Promise<string> {
    const pullRequest = this.pullRequest(repo, number);
    const { headRepo, headRef } = pullRequest.pull;
    const { sha } = await this.pushBranch(
      fullName(headRepo),
      headRef,
      source,
      login ?? pullRequest.author.login,
    );
    return sha;
  }

  /** Closes a pull request, merged or not. The branch itself is not merged. */
  async closePullRequest(
    repo: string,
    number: number,
    login: string,
    options: { merged?: boolean } = {},
  ): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    pullRequest.state = 'closed';
    pullRequest.closedAt = this.world.now();
    if (options.merged === true) pullRequest.pull.mergedAt = pullRequest.closedAt;
    await sendPullRequest(this.scene(this.world.user(login)), pullRequest, { action: 'closed' });
  }

  /** Reopens a closed pull request. */
  async reopenPullRequest(repo: string, number: number, login: string): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    pullRequest.state = 'open';
    pullRequest.closedAt = null;
    await sendPullRequest(this.scene(this.world.user(login)), pullRequest, { action: 'reopened' });
  }

  /** Takes a draft out of draft. */
  async markReadyForReview(repo: string, number: number, login: string): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    pullRequest.pull.draft = false;
    await sendPullRequest(this.scene(this.world.user(login)), pullRequest, {
      action: 'ready_for_review',
    });
  }

  /** Opens a plain issue: `issues.opened`. Returns its number. */
  async openIssue(
    repo: string,
    login: string,
    title: string,
    body: string | null = null,
  ): Promise<number> {
    const repository = this.world.repository(repo);
    const scene = this.scene(this.world.addUser(login));
    const issue = newIssue(scene, { repo: repository, title, body });
    repository.issues.set(issue.number, issue);
    await sendIssue(scene, issue, { action: 'opened' });
    return issue.number;
  }

  /** Makes labels that the repository has from then on, besides those that it has. */
  addLabels(repo: string, ...names: readonly string[]): void {
    const repository = this.world.repository(repo);
    for (const name of names) addLabel(this.world, repository, name);
  }

  /** The names of the labels of an issue or pull request, in the order in which they were put on it. */
  labelsOf(repo: string, number: number): string[] {
    const { labels } = this.world.issue(this.world.repository(repo), number);
    return [...labels].map(({ name }) => name);
  }
}
