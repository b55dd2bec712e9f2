import { type Kysely, sql } from 'kysely';
import type { TaskId } from '../../domain/ids.ts';
import { type UsageRow as Used, UsedAmounts } from '../../domain/usage.ts';
import type { UsageStore } from '../../ports/store.ts';
import { parseRow, wholeNumber } from './row-values.ts';
import type { Database, UsageRow } from './schema.ts';

function toRow(used: Used): UsageRow {
  return {
    task_id: used.taskId,
    attempt: used.attempt,
    task_name: used.taskName,
    installation_id: used.installationId,
    repository_id: used.repositoryId,
    pull_request: used.pullRequest,
    at_ms: used.atMs,
    ms: used.ms,
    tokens: used.tokens,
    cost_micro_usd: used.costMicroUsd,
    requests: used.requests,
  };
}

/** What attempts used, in the `usage` table. */
export class SqlUsageStore implements UsageStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async put(used: Used): Promise<void> {
    const { ms, tokens, cost_micro_usd, requests } = toRow(used);
    await this.#db
      .insertInto('usage')
      .values(toRow(used))
      .onConflict((conflict) =>
        conflict
          .columns(['task_id', 'attempt'])
          .doUpdateSet({ ms, tokens, cost_micro_usd, requests }),
      )
      .execute();
  }

  async has(taskId: TaskId, sinceMs: number): Promise<boolean> {
    const query = this.#db.selectFrom('usage').select('attempt').where('task_id', '=', taskId);
    return (await query.where('at_ms', '>=', sinceMs).executeTakeFirst()) !== undefined;
  }

  async sum(
    ...[sinceMs, { installationId, repositoryId, pullRequest, taskName, taskId }]: Parameters<
      UsageStore['sum']
    >
  ): Promise<UsedAmounts> {
    let query = this.#db
      .selectFrom('usage')
      .where('installation_id', '=', installationId)
      .where('at_ms', '>=', sinceMs);
    if (repositoryId !== undefined) query = query.where('repository_id', '=', repositoryId);
    if (pullRequest !== undefined) query = query.where('pull_request', '=', pullRequest);
    if (taskName !== undefined) query = query.where('task_name', '=', taskName);
    if (taskId !== undefined) query = query.where('task_id', '=', taskId);
    const row = await query
      .select([
        sql<number | string>`count(distinct task_id)`.as('tasks'),
        sql<number | string>`coalesce(sum(ms), 0)`.as('ms'),
        sql<number | string>`coalesce(sum(tokens), 0)`.as('tokens'),
        sql<number | string>`coalesce(sum(cost_micro_usd), 0)`.as('cost'),
        sql<number | string>`coalesce(sum(requests), 0)`.as('requests'),
      ])
      .executeTakeFirstOrThrow();
    return parseRow(UsedAmounts, 'usage', {
      tasks: wholeNumber(row.tasks),
      ms: wholeNumber(row.ms),
      tokens: wholeNumber(row.tokens),
      costMicroUsd: wholeNumber(row.cost),
      requests: wholeNumber(row.requests),
    });
  }
}
