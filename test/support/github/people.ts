import { join } from 'node:path';
import { type BranchSource, writeBranch } from './branch-source.ts';
import { branchMoved, suiteFor } from './branches.ts';
import {
  type Scene,
  sendCheckRun,
  sendCheckSuite,
  sendInstallationCreated,
  sendIssueComment,
  sendPullRequest,
} from './events.ts';
import { initBare } from './git-repository.ts';
import { newIssue, openPullRequest } from './open-pull.ts';
import { Readers } from './readers.ts';
import type {
  CheckRun,
  Delivery,
  Installation,
  IssueComment,
  PullRequest,
  Repository,
  Role,
  RoleName,
  User,
} from './records.ts';
import { found, fullName } from './world.ts';

/** A repository to be, with the first commit of its default branch. */
export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly defaultBranch?: string;
  readonly seed: BranchSource;
  /** `owner/name` of the repository that this one is a fork of. */
  readonly forkOf?: string;
}

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

/** What people do on GitHub. Each act resolves once the App has answered the webhooks it causes. */
export class People extends Readers {
  /** Adds an account, or returns it. */
  addUser(login: string, options: { type?: User['type'] } = {}): User {
    return this.world.addUser(login, options.type);
  }

  /** Creates a repository with its first commit. The App is not installed on it yet. */
  async createRepository(wish: NewRepository): Promise<Repository> {
    const id = this.world.nextId();
    const defaultBranch = wish.defaultBranch ?? 'main';
    const repo: Repository = {
      id,
      owner: this.world.addUser(wish.owner),
      name: wish.name,
      isPrivate: wish.isPrivate ?? false,
      defaultBranch,
      gitDir: join(this.world.dataDir, 'repositories', `${id}.git`),
      forkOf: wish.forkOf === undefined ? undefined : this.world.repository(wish.forkOf),
      roles: new Map(),
      issues: new Map(),
      createdAt: this.world.now(),
    };
    await initBare(repo.gitDir, defaultBranch);
    this.world.repositories.set(fullName(repo).toLowerCase(), repo);
    await writeBranch(this.world, repo, {
      branch: defaultBranch,
      source: wish.seed,
      author: repo.owner,
    });
    return repo;
  }

  /** Forks the default branch of a repository into an account. */
  async fork(repo: string, owner: string): Promise<Repository> {
    const parent = this.world.repository(repo);
    const seed: BranchSource = { from: parent.gitDir, ref: `refs/heads/${parent.defaultBranch}` };
    const { name, isPrivate, defaultBranch } = parent;
    return this.createRepository({ owner, name, isPrivate, defaultBranch, seed, forkOf: repo });
  }

  /** Gives a person a role; for a custom role say what it amounts to. `none` takes the role away. */
  setPermission(
    repo: string,
    login: string,
    roleName: RoleName | 'none',
    permission?: Role['permission'],
  ): void {
    const { roles } = this.world.repository(repo);
    const user = this.world.addUser(login);
    if (roleName === 'none') return void roles.delete(user.login.toLowerCase());
    roles.set(user.login.toLowerCase(), {
      roleName,
      permission: permission ?? permissionOf(roleName),
    });
  }

  /** Installs the App on a repository; the first one of an account sends `installation.created`. */
  async installApp(
    repo: string,
    permissions?: Readonly<Record<string, string>>,
  ): Promise<Installation> {
    const repository = this.world.repository(repo);
    const { owner } = repository;
    const known = [...this.world.installations.values()].find((one) => one.account === owner);
    const granted = { ...(permissions ?? known?.permissions ?? this.world.app.permissions) };
    const fresh = {
      id: this.world.nextId(),
      account: owner,
      repositories: new Set<Repository>(),
      permissions: granted,
      createdAt: this.world.now(),
    };
    const installation: Installation = known ?? fresh;
    installation.permissions = granted;
    installation.repositories.add(repository);
    this.world.installations.set(installation.id, installation);
    if (!known) await sendInstallationCreated(this.#scene(owner), installation);
    return installation;
  }

  /** Pushes to a branch (made if missing) as the sender, with every event that follows on GitHub. */
  async pushBranch(
    repo: string,
    branch: string,
    source: BranchSource,
    login?: string,
  ): Promise<{ sha: string; deliveries: Delivery[] }> {
    const repository = this.world.repository(repo);
    const sender = login === undefined ? repository.owner : this.world.addUser(login);
    const move = await writeBranch(this.world, repository, { branch, source, author: sender });
    return { sha: move.after, deliveries: await branchMoved(this.#scene(sender), move) };
  }

  /** Opens a pull request and sends `pull_request.opened`. */
  async openPullRequest(wish: PullRequestWish): Promise<PullRequest> {
    const repo = this.world.repository(wish.repo);
    const { pullRequest, announced } = await openPullRequest(
      this.#scene(this.world.addUser(wish.author)),
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
    await sendPullRequest(this.#scene(this.world.user(login)), 'closed', pullRequest);
  }

  /** Reopens a closed pull request. */
  async reopenPullRequest(repo: string, number: number, login: string): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    pullRequest.state = 'open';
    pullRequest.closedAt = null;
    await sendPullRequest(this.#scene(this.world.user(login)), 'reopened', pullRequest);
  }

  /** Takes a draft out of draft. */
  async markReadyForReview(repo: string, number: number, login: string): Promise<void> {
    const pullRequest = this.pullRequest(repo, number);
    pullRequest.pull.draft = false;
    await sendPullRequest(this.#scene(this.world.user(login)), 'ready_for_review', pullRequest);
  }

  /** Opens a plain issue. The App hears of it only through comments. */
  openIssue(repo: string, login: string, title: string, body: string | null = null): number {
    const repository = this.world.repository(repo);
    const issue = newIssue(this.#scene(this.world.addUser(login)), {
      repo: repository,
      title,
      body,
    });
    repository.issues.set(issue.number, issue);
    return issue.number;
  }

  /** Comments on an issue or pull request. Resolves with the comment and the delivery of `issue_comment.created`. */
  async comment(
    repo: string,
    number: number,
    login: string,
    body: string,
  ): Promise<{ comment: IssueComment; delivery: Delivery | undefined }> {
    const issue = this.world.issue(this.world.repository(repo), number);
    const author = this.world.addUser(login);
    const now = this.world.now();
    const comment: IssueComment = {
      id: this.world.nextId(),
      issue,
      author,
      body,
      createdAt: now,
      updatedAt: now,
    };
    this.world.issueComments.set(comment.id, comment);
    return { comment, delivery: await sendIssueComment(this.#scene(author), 'created', comment) };
  }

  /** Edits a comment after the fact, as an attacker might: `issue_comment.edited`. */
  async editComment(id: number, login: string, body: string): Promise<Delivery | undefined> {
    const comment = found(this.world.issueComments.get(id));
    const changes = { body: { from: comment.body } };
    comment.body = body;
    comment.updatedAt = this.world.now();
    return sendIssueComment(this.#scene(this.world.user(login)), 'edited', comment, { changes });
  }

  /** Clicks a button of a completed check run: `check_run.requested_action`. Refuses a button that is not shown. */
  async clickCheckAction(
    checkRunId: number,
    identifier: string,
    login: string,
  ): Promise<Delivery | undefined> {
    const run = found(this.world.checkRuns.get(checkRunId));
    const shown =
      run.status === 'completed' && run.actions.some((action) => action.identifier === identifier);
    if (!shown) throw new Error(`check run ${checkRunId} shows no button ${identifier}`);
    const extra = { requested_action: { identifier } };
    return sendCheckRun(this.#scene(this.world.addUser(login)), 'requested_action', run, extra);
  }

  /** Presses re-run on one check: its suite goes back to `queued`, the run itself is not updated. */
  async rerequestCheckRun(checkRunId: number, login: string): Promise<Delivery | undefined> {
    const run = found(this.world.checkRuns.get(checkRunId));
    run.suite.reset = true;
    return sendCheckRun(this.#scene(this.world.addUser(login)), 'rerequested', run);
  }

  /** Presses re-run all checks of a commit: `check_suite.rerequested`. */
  async rerequestCheckSuite(suiteId: number, login: string): Promise<Delivery | undefined> {
    const suite = found(this.world.checkSuites.get(suiteId));
    suite.reset = true;
    return sendCheckSuite(this.#scene(this.world.addUser(login)), 'rerequested', suite);
  }

  /** Another App reports a check; ours hears of it too, and must not touch it. */
  async addForeignCheckRun(
    repo: string,
    sha: string,
    name: string,
    appId = 999_999,
  ): Promise<CheckRun> {
    const repository = this.world.repository(repo);
    const suite = suiteFor(this.world, repository, sha, { appId, headBranch: null });
    const now = this.world.now();
    const state = {
      status: 'completed' as const,
      conclusion: 'success',
      startedAt: now,
      completedAt: now,
    };
    const output = { title: null, summary: null, text: null };
    const run: CheckRun = {
      id: this.world.nextId(),
      suite,
      name,
      externalId: '',
      detailsUrl: null,
      ...state,
      output,
      annotations: [],
      actions: [],
    };
    this.world.checkRuns.set(run.id, run);
    await sendCheckRun(this.#scene(repository.owner), 'created', run);
    return run;
  }

  /** Sends a recorded delivery again, with the same delivery id. */
  redeliver(deliveryId: number): Promise<Delivery> {
    return this.webhooks.redeliver(
      found(this.world.deliveries.find((one) => one.id === deliveryId)),
    );
  }

  #scene(sender: User): Scene {
    return { world: this.world, webhooks: this.webhooks, sender };
  }
}

/** maintain counts as write and triage as read, as the API reports them. */
function permissionOf(roleName: RoleName): Role['permission'] {
  if (roleName === 'admin') return 'admin';
  return roleName === 'maintain' || roleName === 'write' ? 'write' : 'read';
}
