/** What the stand-in remembers. Times are ISO 8601 strings in UTC with whole seconds, as GitHub sends them. */

/** An account: a person, a bot or an organisation. */
export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
}

/** A standard role or the name of a custom one. */
export type RoleName = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | (string & {});

/** What a role amounts to for the API's `permission`. */
export interface Role {
  readonly roleName: RoleName;
  readonly permission: 'admin' | 'write' | 'read';
}

/** A repository: its bare git repository at `gitDir` is the truth about commits. */
export interface Repository {
  readonly id: number;
  owner: User;
  name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly gitDir: string;
  readonly forkOf: Repository | undefined;
  readonly roles: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  /** By name in lower case: GitHub compares labels without case. */
  readonly labels: Map<string, Label>;
  readonly createdAt: string;
}

/** A label of a repository. `color` is six hexadecimal digits. */
export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

/** An issue, or the issue side of a pull request. */
export interface Issue {
  readonly id: number;
  readonly repo: Repository;
  readonly number: number;
  readonly author: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  closedAt: string | null;
  readonly createdAt: string;
  updatedAt: string;
  /** Those that are on it. */
  readonly labels: Set<Label>;
  readonly pull: Pull | undefined;
}

/** The pull request side of an issue. `baseSha` is the head of the base branch when last seen. */
export interface Pull {
  readonly id: number;
  readonly headRepo: Repository;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
}

/** An issue that is a pull request. */
export type PullRequest = Issue & { readonly pull: Pull };

/** A comment of the conversation. */
export interface IssueComment {
  readonly id: number;
  readonly issue: Issue;
  readonly author: User;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** A submitted (or pending) review. */
export interface Review {
  readonly id: number;
  readonly pullRequest: PullRequest;
  readonly author: User;
  body: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'PENDING';
  readonly commitId: string;
  readonly submittedAt: string;
}

/** The side of a diff: LEFT is the base, RIGHT the head. */
export type Side = 'LEFT' | 'RIGHT';

/** Where a review comment hangs. `line` is null once a push has made the comment outdated. */
export interface Anchor {
  readonly path: string;
  readonly subjectType: 'line' | 'file';
  readonly side: Side;
  readonly startSide: Side | null;
  line: number | null;
  startLine: number | null;
  position: number | null;
  readonly originalLine: number | null;
  readonly originalStartLine: number | null;
  readonly originalPosition: number | null;
  readonly diffHunk: string;
}

/** The thread that a comment on the diff begins; its replies are in the same one. */
export interface ReviewThread {
  readonly id: number;
  resolvedBy: User | undefined;
}

/** A comment on the diff. */
export interface ReviewComment {
  readonly id: number;
  readonly review: Review;
  readonly author: User;
  body: string;
  readonly anchor: Anchor;
  readonly thread: ReviewThread;
  readonly inReplyTo: number | undefined;
  commitId: string;
  readonly originalCommitId: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** What people and Apps react with, as REST writes it. */
export type ReactionContent =
  | '+1'
  | '-1'
  | 'laugh'
  | 'confused'
  | 'heart'
  | 'hooray'
  | 'rocket'
  | 'eyes';

/** One reaction of one person to one comment. */
export interface Reaction {
  readonly id: number;
  readonly commentId: number;
  readonly user: User;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

/** GitHub groups the check runs of one App on one commit in one suite. */
export interface CheckSuite {
  readonly id: number;
  readonly appId: number;
  readonly repo: Repository;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAt: string;
  /** True after `check_suite.rerequested`, until a run of the suite is written again. */
  reset: boolean;
}

/** One annotation, as sent. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

/** A button on a check run. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** A check run. */
export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  actions: CheckAction[];
}

/** The App on one account. */
export interface Installation {
  readonly id: number;
  readonly account: User;
  readonly repositories: Set<Repository>;
  permissions: Record<string, string>;
  /** A suspended App hears of nothing and gets no token. */
  isSuspended: boolean;
  readonly createdAt: string;
}

/** A minted installation token and what it may do. */
export interface InstallationToken {
  readonly token: string;
  readonly installation: Installation;
  /** Undefined means every repository of the installation. */
  readonly repositoryIds: ReadonlySet<number> | undefined;
  readonly permissions: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
}

/** One attempt to deliver one webhook. `statusCode` is 0 when nothing answered or no URL is set. */
export interface Delivery {
  readonly id: number;
  /** The value of `X-GitHub-Delivery`: a redelivery keeps it. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly statusCode: number;
  readonly durationMs: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  /** The exact bytes that were signed and sent. */
  readonly body: string;
}
