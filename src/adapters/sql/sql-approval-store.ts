import type { Insertable, Kysely, Selectable } from 'kysely';
import { Approval } from '../../domain/approval.ts';
import type { TaskId } from '../../domain/ids.ts';
import type { ApprovalStore } from '../../ports/store.ts';
import { parseRow, wholeNumber } from './row-values.ts';
import type { ApprovalRow, Database } from './schema.ts';

function toRow({ binding, by, ...approval }: Approval): Insertable<ApprovalRow> {
  return {
    task_id: approval.taskId,
    gate: approval.gate,
    decision: approval.decision,
    repository_id: binding.repositoryId,
    pull_request: binding.pullRequest,
    head_sha: binding.headSha,
    base_sha: binding.baseSha,
    policy_digest: binding.policyDigest,
    patch_digest: binding.patchDigest,
    by_id: by.id,
    by_login: by.login,
    by_type: by.type,
    role: approval.role,
    via: approval.via,
    at_ms: approval.atMs,
  };
}

function fromRow(row: Selectable<ApprovalRow>): Approval {
  return parseRow(Approval, 'approvals', {
    taskId: row.task_id,
    gate: row.gate,
    decision: row.decision,
    binding: {
      repositoryId: wholeNumber(row.repository_id),
      pullRequest: wholeNumber(row.pull_request),
      headSha: row.head_sha,
      baseSha: row.base_sha,
      policyDigest: row.policy_digest,
      patchDigest: row.patch_digest,
    },
    by: { id: wholeNumber(row.by_id), login: row.by_login, type: row.by_type },
    role: row.role,
    via: row.via,
    atMs: wholeNumber(row.at_ms),
  });
}

/** Decisions in the `approvals` table, whose triggers refuse update and delete. */
export class SqlApprovalStore implements ApprovalStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async add(approval: Approval): Promise<void> {
    await this.#db.insertInto('approvals').values(toRow(approval)).execute();
  }

  async ofTask(taskId: TaskId): Promise<readonly Approval[]> {
    const query = this.#db.selectFrom('approvals').selectAll().where('task_id', '=', taskId);
    return (await query.orderBy('id').execute()).map((row) => fromRow(row));
  }
}
