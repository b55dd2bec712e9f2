import { sendPullRequest } from './events.ts';
import { git } from './git.ts';
import { commitFiles } from './git-repository.ts';
import {
  type MergeGroup,
  sendInstallation,
  sendInstallationRepositories,
  sendMergeGroup,
  sendRepository,
  viewFormerOwner,
} from './place-events.ts';
import { PullActs } from './pull-acts.ts';
import type { Installation } from './records.ts';
import { found, fullName } from './world.ts';

/** What changes where things are and what the App may do there. Acts resolve once their webhooks are answered. */
export class PlaceActs extends PullActs {
  /** Points a pull request at another base: `pull_request.edited`. */
  async retargetPullRequest(repo: string, number: number, base: string): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    const { pull } = pullRequest;
    const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
    pull.baseRef = base;
    pull.baseSha = found(await this.branchHead(repo, base));
    const scene = this.scene(pullRequest.author);
    await sendPullRequest(scene, pullRequest, { action: 'edited', changes });
  }

  /** Renames a repository; its former name leads to it, as on GitHub. */
  async renameRepository(repo: string, name: string): Promise<void> {
    const repository = this.world.repository(repo);
    const changes = { repository: { name: { from: repository.name } } };
    this.#move(repo, () => {
      repository.name = name;
    });
    await sendRepository(this.scene(repository.owner), repository, { action: 'renamed', changes });
  }

  /** Gives a repository to another account, on which the App is installed too, or not. */
  async transferRepository(repo: string, owner: string): Promise<void> {
    const repository = this.world.repository(repo);
    const changes = viewFormerOwner(this.world, repository.owner);
    this.#installationOf(repo).repositories.delete(repository);
    this.#move(repo, () => {
      repository.owner = this.world.addUser(owner);
    });
    const there = [...this.world.installations.values()].find(
      ({ account }) => account === repository.owner,
    );
    there?.repositories.add(repository);
    const act = { action: 'transferred', changes };
    await sendRepository(this.scene(repository.owner), repository, act);
  }

  /** Takes a repository away for good. */
  async deleteRepository(repo: string): Promise<void> {
    const repository = this.world.repository(repo);
    const installation = this.#installationOf(repo);
    await sendRepository(this.scene(repository.owner), repository, { action: 'deleted' });
    installation.repositories.delete(repository);
    this.world.repositories.delete(repo.toLowerCase());
  }

  /** Suspends the App on the account of a repository: it hears of nothing and may do nothing. */
  async suspendApp(repo: string): Promise<void> {
    const installation = this.#installationOf(repo);
    installation.isSuspended = true;
    await sendInstallation(this.scene(installation.account), installation, 'suspend');
  }

  async unsuspendApp(repo: string): Promise<void> {
    const installation = this.#installationOf(repo);
    installation.isSuspended = false;
    await sendInstallation(this.scene(installation.account), installation, 'unsuspend');
  }

  /** Takes the App off an account. */
  async uninstallApp(repo: string): Promise<void> {
    const installation = this.#installationOf(repo);
    this.world.installations.delete(installation.id);
    await sendInstallation(this.scene(installation.account), installation, 'deleted');
  }

  /** Takes one repository from the App, or gives it back. */
  async selectRepository(repo: string, isSelected: boolean, id: number): Promise<void> {
    const repository = this.world.repository(repo);
    const installation = found(this.world.installations.get(id));
    if (isSelected) installation.repositories.add(repository);
    else installation.repositories.delete(repository);
    await sendInstallationRepositories(this.scene(installation.account), installation, {
      added: isSelected ? [repository] : [],
      removed: isSelected ? [] : [repository],
    });
  }

  /** A merge queue wants to merge a pull request: a commit of its own, and `merge_group.checks_requested`. */
  async requestMerge(repo: string, number: number): Promise<MergeGroup> {
    const { pull, author, repo: repository } = this.pullRequest(repo, number);
    const { baseRef, baseSha, headSha } = pull;
    const commit = {
      parents: [headSha, baseSha],
      message: `Merge pull request #${number}`,
      author: { name: author.login, email: `${author.login}@users.noreply.github.com` },
      epochMs: this.world.nowMs(),
    };
    const groupSha = await commitFiles(repository.gitDir, {}, commit);
    const headRef = `gh-readonly-queue/${baseRef}/pr-${number}-${baseSha}`;
    await git(repository.gitDir, ['update-ref', `refs/heads/${headRef}`, groupSha]);
    const group = { repo: repository, headSha: groupSha, headRef, baseSha, baseRef };
    await sendMergeGroup(this.scene(author), group, { action: 'checks_requested' });
    return group;
  }

  /** The queue gives a merge group up. */
  async destroyMerge(group: MergeGroup): Promise<void> {
    const act = { action: 'destroyed', reason: 'dequeued' };
    await sendMergeGroup(this.scene(group.repo.owner), group, act);
  }

  #installationOf(repo: string): Installation {
    return found(this.world.installationOf(this.world.repository(repo)));
  }

  #move(from: string, change: () => void): void {
    const repository = this.world.repository(from);
    this.world.repositories.delete(from.toLowerCase());
    change();
    this.world.repositories.set(fullName(repository).toLowerCase(), repository);
    this.world.formerNames.set(from.toLowerCase(), repository);
  }
}
