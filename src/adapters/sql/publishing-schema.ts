import type { Generated } from 'kysely';

/** One finding of a pull request; the counter is the order in which they were first put. */
export interface FindingRow {
  seq: Generated<number>;
  repository_id: number;
  pull_request: number;
  id: string;
  task_name: string;
  tool: string;
  rule: string;
  severity: string;
  path: string;
  mark_key: string;
  mark_near: string;
  mark_tool: string | null;
  state: string;
  place: string;
  first_task: string;
  last_task: string;
  /** This and the next three: null unless it is dismissed. */
  dismissed_by_id: number | null;
  dismissed_via: string | null;
  /** 0 or 1: SQLite has no booleans. */
  dismissal_waives: number | null;
  dismissed_at_ms: number | null;
}

/** Until when an installation creates nothing; the row that those who ask lock. */
export interface ContentPaceRow {
  installation_id: number;
  blocked_until_ms: number;
}

/** When one piece of content was created. */
export interface ContentWriteRow {
  seq: Generated<number>;
  installation_id: number;
  at_ms: number;
}
