import type { Generated } from 'kysely';
import type { ContentPaceRow, ContentWriteRow, FindingRow } from './publishing-schema.ts';

/**
 * The tables as Kysely sees them. Values are `unknown` on the way out and go through the zod schemas of
 * `src/domain`: what is in the database is not believed. Whole numbers come back as numbers from SQLite
 * and as strings from PostgreSQL's bigint; `row-values` reads both.
 */
export interface Database {
  tasks: TaskRow;
  approvals: ApprovalRow;
  steps: StepRow;
  artifacts: ArtifactRow;
  ledger: LedgerRow;
  ledger_head: LedgerHeadRow;
  pauses: PauseRow;
  replies: ReplyRow;
  cursors: CursorRow;
  usage: UsageRow;
  leases: LeaseRow;
  findings: FindingRow;
  content_paces: ContentPaceRow;
  content_writes: ContentWriteRow;
}

/** One task; `domain/task` says what the columns mean. */
export interface TaskRow {
  id: string;
  /** What the policy calls the task; `name` is the repository's. */
  task_name: string;
  kind: string;
  state: string;
  installation_id: number;
  repository_id: number;
  owner: string;
  name: string;
  /** `pull-request` or `issue`; the number is in `pull_request` either way. */
  subject_kind: string;
  pull_request: number;
  head_sha: string;
  base_sha: string;
  cause: string;
  instructions: string | null;
  /** JSON. */
  parameters: string;
  requested_by_id: number;
  requested_by_login: string;
  requested_by_type: string;
  /** 0 or 1: SQLite has no booleans. */
  is_automatic: number;
  policy_digest: string;
  check_run_id: number | null;
  /** 0 or 1: SQLite has no booleans. */
  check_concluded: number;
  attempt: number;
  runner_id: string | null;
  input_digest: string | null;
  image_digest: string | null;
  outcome_digest: string | null;
  patch_digest: string | null;
  reason: string | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** One decision at a gate, append-only. */
export interface ApprovalRow {
  id: Generated<number>;
  task_id: string;
  gate: string;
  decision: string;
  repository_id: number;
  pull_request: number;
  head_sha: string;
  base_sha: string;
  policy_digest: string;
  patch_digest: string | null;
  by_id: number;
  by_login: string;
  by_type: string;
  role: string;
  via: string;
  at_ms: number;
}

/** One outside effect; `reference` is null between begin and finish. */
export interface StepRow {
  task_id: string;
  step: string;
  reference: string | null;
}

/** Bytes by content. */
export interface ArtifactRow {
  digest: string;
  bytes: Uint8Array;
}

/** One row of the ledger, append-only; `data` is canonical JSON. */
export interface LedgerRow {
  seq: number;
  at_ms: number;
  type: string;
  task_id: string | null;
  data: string;
  previous_hash: string;
  hash: string;
}

/** The one row that appenders lock; a copy of the last row's place in the chain. */
export interface LedgerHeadRow {
  id: number;
  seq: number;
  hash: string;
  at_ms: number;
}

/** The last word on whether tasks may start by themselves on a pull request. */
export interface PauseRow {
  repository_id: number;
  pull_request: number;
  /** 0 or 1: SQLite has no booleans. */
  is_paused: number;
  at_ms: number;
}

/** One answer in a thread of work; the counter is their order. */
export interface ReplyRow {
  id: Generated<number>;
  thread: string;
  key: string;
  text: string;
}

/** How far something has come. */
export interface CursorRow {
  name: string;
  at_ms: number;
}

/** What one attempt used, or may use while it runs. */
export interface UsageRow {
  task_id: string;
  attempt: number;
  task_name: string;
  installation_id: number;
  repository_id: number;
  pull_request: number;
  at_ms: number;
  ms: number;
  tokens: number;
  cost_micro_usd: number;
  requests: number;
}

/** A name that one process holds until then. */
export interface LeaseRow {
  name: string;
  holder: string;
  until_ms: number;
}
