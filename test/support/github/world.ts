import { type ContentLimits, ContentMeter } from './content-limits.ts';
import type { GhesVersion } from './operations.ts';
import type {
  CheckRun,
  CheckSuite,
  Delivery,
  Installation,
  InstallationToken,
  Issue,
  IssueComment,
  PullRequest,
  Reaction,
  Repository,
  Review,
  ReviewComment,
  User,
} from './records.ts';
import { notFound } from './refusal.ts';

/** Who the App is on this GitHub. */
export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly publicKey: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** The whole state of one stand-in, in memory but for the bare git repositories. */
export class World {
  readonly app: AppIdentity;
  readonly bot: User;
  readonly users = new Map<string, User>();
  readonly repositories = new Map<string, Repository>();
  /** Logins by `organisation/slug`, all in lower case. */
  readonly teams = new Map<string, Set<string>>();
  /** What a repository was called before: GitHub leads from there to it until the name is given away. */
  readonly formerNames = new Map<string, Repository>();
  readonly installations = new Map<number, Installation>();
  readonly tokens = new Map<string, InstallationToken>();
  readonly checkSuites = new Map<number, CheckSuite>();
  readonly checkRuns = new Map<number, CheckRun>();
  /** What jobs of Actions printed, by their id, which is that of their check run. */
  readonly jobLogs = new Map<number, string>();
  readonly issueComments = new Map<number, IssueComment>();
  readonly reviews = new Map<number, Review>();
  readonly reviewComments = new Map<number, ReviewComment>();
  readonly reactions = new Map<number, Reaction>();
  /** Why a comment or review is folded away, by its id: `OUTDATED`, `RESOLVED`, … */
  readonly minimized = new Map<number, string>();
  readonly deliveries: Delivery[] = [];
  /** Commits that GitHub made itself and therefore signed. */
  readonly signedCommits = new Set<string>();
  /** Scheme, host and port; known once the server listens. */
  url = '';
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly content: ContentMeter;
  /** The version of GHES that this is; undefined for github.com. */
  readonly ghes: GhesVersion | undefined;
  #lastId = 1000;

  constructor(options: {
    app: AppIdentity;
    dataDir: string;
    nowMs: () => number;
    contentLimits?: ContentLimits | undefined;
    ghes?: GhesVersion | undefined;
  }) {
    this.app = options.app;
    this.dataDir = options.dataDir;
    this.nowMs = options.nowMs;
    this.ghes = options.ghes;
    this.content = new ContentMeter(options.contentLimits, options.nowMs);
    this.bot = this.addUser(`${options.app.slug}[bot]`, 'Bot');
  }

  /** A number that no other record of any kind has: a mixed-up id is then always noticed. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** The root of the REST API. */
  get apiUrl(): string {
    return this.ghes === undefined ? this.url : `${this.url}/api/v3`;
  }

  /** The injected clock as GitHub writes times. */
  now(): string {
    return isoSeconds(this.nowMs());
  }

  /** Adds an account, or returns the one with that login. */
  addUser(login: string, type: User['type'] = 'User'): User {
    const known = this.users.get(login.toLowerCase());
    if (known) return known;
    const user: User = { id: this.nextId(), login, type };
    this.users.set(login.toLowerCase(), user);
    return user;
  }

  /** @throws Refusal 404 */
  user(login: string): User {
    return found(this.users.get(login.toLowerCase()));
  }

  /** By `owner/name`, in any case. @throws Refusal 404 */
  repository(name: string): Repository {
    return found(this.repositories.get(name.toLowerCase()));
  }

  /** @throws Refusal 404 */
  issue(repo: Repository, number: number): Issue {
    return found(repo.issues.get(number));
  }

  /** @throws Refusal 404 when there is none or it is a plain issue. */
  pullRequest(repo: Repository, number: number): PullRequest {
    const issue = this.issue(repo, number);
    if (!isPullRequest(issue)) throw notFound();
    return issue;
  }

  /** The installation that covers a repository, if the App is installed there. */
  installationOf(repo: Repository): Installation | undefined {
    return [...this.installations.values()].find((one) => one.repositories.has(repo));
  }
}

/** True for an issue that is a pull request. */
export function isPullRequest(issue: Issue): issue is PullRequest {
  return issue.pull !== undefined;
}

/** Milliseconds since the epoch as GitHub writes times: UTC, whole seconds. */
export function isoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Passes a value through. @throws Refusal 404 for undefined */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

/** `owner/name`. */
export function fullName(repo: Repository): string {
  return `${repo.owner.login}/${repo.name}`;
}
