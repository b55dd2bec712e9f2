import type { Insertable, Selectable } from 'kysely';
import { type Dismissal, FindingRecord } from '../../domain/finding-record.ts';
import type { PullRequestKey } from '../../ports/pull-request-key.ts';
import type { FindingRow } from './publishing-schema.ts';
import { parseRow, wholeNumber, wholeNumberOrNull } from './row-values.ts';

/** The columns that say who dismissed a finding: all of them null, or none. */
export function dismissalToRow(dismissal: Dismissal | null) {
  return {
    dismissed_by_id: dismissal?.byId ?? null,
    dismissed_via: dismissal?.via ?? null,
    dismissal_waives: dismissal === null ? null : Number(dismissal.waives),
    dismissed_at_ms: dismissal?.atMs ?? null,
  };
}

/** The row of one record. */
export function findingToRow(
  { repositoryId, number }: PullRequestKey,
  taskName: string,
  record: FindingRecord,
): Insertable<FindingRow> {
  return {
    repository_id: repositoryId,
    pull_request: number,
    id: record.id,
    task_name: taskName,
    tool: record.tool,
    rule: record.rule,
    severity: record.severity,
    path: record.path,
    mark_key: record.marks.key,
    mark_near: record.marks.near,
    mark_tool: record.marks.toolKey,
    state: record.state,
    place: record.place,
    first_task: record.firstTask,
    last_task: record.lastTask,
    ...dismissalToRow(record.dismissal),
  };
}

/** The record of one row. @throws SallyportError `store.corrupt` */
export function findingFromRow(row: Selectable<FindingRow>): FindingRecord {
  return parseRow(FindingRecord, 'findings', {
    id: row.id,
    tool: row.tool,
    rule: row.rule,
    severity: row.severity,
    path: row.path,
    marks: { key: row.mark_key, near: row.mark_near, toolKey: row.mark_tool },
    state: row.state,
    place: row.place,
    firstTask: row.first_task,
    lastTask: row.last_task,
    dismissal: dismissalFromRow(row),
  });
}

function dismissalFromRow(row: Selectable<FindingRow>): unknown {
  const atMs = wholeNumberOrNull(row.dismissed_at_ms);
  const byId = wholeNumberOrNull(row.dismissed_by_id);
  const { dismissed_via: via, dismissal_waives: waives } = row;
  if (atMs === null && via === null && waives === null) return null;
  return { byId, via, atMs, waives: waives === null ? null : wholeNumber(waives) === 1 };
}
