import { type ContentLimits, GITHUB_CONTENT_LIMITS } from './content-limits.ts';
import type { GhesVersion } from './operations.ts';

/** Who the App is, where its webhooks go, and where repositories are kept. Everything has a default. */
export interface StandInOptions {
  /** Makes it a GitHub Enterprise Server of that version; without it it is github.com. */
  readonly ghes?: GhesVersion;
  readonly appId?: number;
  /** PEM. Without it a key pair is made; its private half is `GitHubStandIn.appPrivateKey`. */
  readonly appPublicKey?: string;
  readonly slug?: string;
  readonly webhookSecret?: string;
  readonly webhookUrl?: string;
  /** Milliseconds since the epoch. App JWTs are checked by the real clock, because their signers use it. */
  readonly clock?: () => number;
  /** Kept at `close()` when given; without it a temporary folder is used and removed. */
  readonly dataDir?: string;
  readonly port?: number;
  /** Limits of content creation where they are not GitHub's own; false for none, as on GHES unless told. */
  readonly contentLimits?: Partial<ContentLimits> | false;
  /** What a new installation grants. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Events the App has subscribed to. */
  readonly events?: readonly string[];
}

/** What a new installation grants unless told. */
export const PERMISSIONS = {
  actions: 'read',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  members: 'read',
  merge_queues: 'read',
};
/** What the App has subscribed to unless told. */
export const EVENTS = [
  'check_run',
  'check_suite',
  'issue_comment',
  'issues',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'repository',
];

/** The limits of content creation; undefined for none. */
export function contentLimitsOf({
  contentLimits,
  ghes,
}: StandInOptions): ContentLimits | undefined {
  const isLimited = contentLimits ?? ghes === undefined;
  if (isLimited === false) return undefined;
  return { ...GITHUB_CONTENT_LIMITS, ...contentLimits };
}
