import { join } from 'node:path';
import { type BranchSource, writeBranch } from './branch-source.ts';
import { branchMoved } from './branches.ts';
import { type Scene, sendInstallationCreated } from './events.ts';
import { initBare } from './git-repository.ts';
import { Readers } from './readers.ts';
import type { Delivery, Installation, Repository, Role, RoleName, User } from './records.ts';
import { fullName } from './world.ts';

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

/** Accounts, repositories, roles, the installation and pushes. Acts resolve once their webhooks are answered. */
export class RepositoryActs extends Readers {
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
      labels: new Map(),
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

  /** Puts a person into a team, which is made when it is missing. */
  addToTeam(team: string, login: string): void {
    const members = this.world.teams.get(team.toLowerCase()) ?? new Set();
    this.world.teams.set(
      team.toLowerCase(),
      members.add(this.world.addUser(login).login.toLowerCase()),
    );
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
      isSuspended: false,
      createdAt: this.world.now(),
    };
    const installation: Installation = known ?? fresh;
    installation.permissions = granted;
    installation.repositories.add(repository);
    this.world.installations.set(installation.id, installation);
    if (!known) await sendInstallationCreated(this.scene(owner), installation);
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
    return { sha: move.after, deliveries: await branchMoved(this.scene(sender), move) };
  }

  /** The place and the person of an act. */
  protected scene(sender: User): Scene {
    return { world: this.world, webhooks: this.webhooks, sender };
  }
}

/** maintain counts as write and triage as read, as the API reports them. */
function permissionOf(roleName: RoleName): Role['permission'] {
  if (roleName === 'admin') return 'admin';
  return roleName === 'maintain' || roleName === 'write' ? 'write' : 'read';
}
