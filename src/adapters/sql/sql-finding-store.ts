import type { Kysely, Transaction } from 'kysely';
import type { Dismissal, FindingRecord } from '../../domain/finding-record.ts';
import type { FindingStore } from '../../ports/finding-store.ts';
import type { PullRequestKey } from '../../ports/pull-request-key.ts';
import { dismissalToRow, findingFromRow, findingToRow } from './finding-row.ts';
import type { Database } from './schema.ts';

/** Rows of one statement: SQLite takes 32,766 values in one, and the event loop waits for it. */
const maxRows = 100;

/** What a later word on a finding replaces, with the next list all but its key and its place in the order. */
const replaced = [
  'tool',
  'rule',
  'severity',
  'path',
  'mark_key',
  'mark_near',
  'mark_tool',
  'place',
  'first_task',
  'last_task',
] as const;

/** What stays where it is dismissed. */
const keptOfDismissed = [
  'state',
  'dismissed_by_id',
  'dismissed_via',
  'dismissal_waives',
  'dismissed_at_ms',
] as const;

/** What was found, in the `findings` table. */
export class SqlFindingStore implements FindingStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async ofPullRequest(
    { repositoryId, number }: PullRequestKey,
    taskName: string,
  ): Promise<readonly FindingRecord[]> {
    const rows = await this.#db
      .selectFrom('findings')
      .selectAll()
      .where('repository_id', '=', repositoryId)
      .where('pull_request', '=', number)
      .where('task_name', '=', taskName)
      .orderBy('seq')
      .execute();
    return rows.map((row) => findingFromRow(row));
  }

  async put(...[pullRequest, taskName, records]: Parameters<FindingStore['put']>): Promise<void> {
    const rows = rowsOf(pullRequest, taskName, records);
    await this.#db.transaction().execute((transaction) => upsertAll(transaction, rows));
  }

  async putOnce(
    ...[pullRequest, taskName, change]: Parameters<FindingStore['putOnce']>
  ): Promise<string> {
    const { records, forgotten, step } = change;
    const rows = rowsOf(pullRequest, taskName, records);
    return this.#db.transaction().execute(async (transaction) => {
      const first = await finishFirst(transaction, step);
      if (first !== undefined) return first;
      await upsertAll(transaction, rows);
      for (let from = 0; from < forgotten.length; from += maxRows) {
        const ids = forgotten.slice(from, from + maxRows);
        await remove(transaction, { pullRequest, taskName, ids });
      }
      return step.reference;
    });
  }

  async dismiss(
    { repositoryId, number }: PullRequestKey,
    id: string,
    dismissal: Dismissal,
  ): Promise<boolean> {
    // One statement looks and writes, so of two words at once neither is half of the other.
    const { numUpdatedRows } = await this.#db
      .updateTable('findings')
      .set({ state: 'dismissed', ...dismissalToRow(dismissal) })
      .where('repository_id', '=', repositoryId)
      .where('pull_request', '=', number)
      .where('id', '=', id)
      .where((row) =>
        row.or([
          row.eb('state', '!=', 'dismissed'),
          ...(dismissal.waives ? [row.eb('dismissal_waives', '=', 0)] : []),
        ]),
      )
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}

function rowsOf(...[pullRequest, taskName, records]: Parameters<FindingStore['put']>) {
  // PostgreSQL refuses a statement that touches a row twice: the last word on an id is the one that counts.
  const byId = new Map(records.map((record) => [record.id, record]));
  return [...byId.values()].map((record) => findingToRow(pullRequest, taskName, record));
}

/** Finishes a step; the reference of whoever did it before, if somebody did. */
async function finishFirst(
  transaction: Transaction<Database>,
  { taskId, name, reference }: Parameters<FindingStore['putOnce']>[2]['step'],
): Promise<string | undefined> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('steps')
    .values({ task_id: taskId, step: name, reference })
    .onConflict((conflict) =>
      conflict
        .columns(['task_id', 'step'])
        .doUpdateSet({ reference })
        .where('steps.reference', 'is', null),
    )
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return undefined;
  const { reference: first } = await transaction
    .selectFrom('steps')
    .select('reference')
    .where('task_id', '=', taskId)
    .where('step', '=', name)
    .executeTakeFirstOrThrow();
  return first ?? undefined;
}

async function remove(
  transaction: Transaction<Database>,
  {
    pullRequest: { repositoryId, number },
    taskName,
    ids,
  }: {
    readonly pullRequest: PullRequestKey;
    readonly taskName: string;
    readonly ids: readonly string[];
  },
): Promise<void> {
  await transaction
    .deleteFrom('findings')
    .where('repository_id', '=', repositoryId)
    .where('pull_request', '=', number)
    .where('task_name', '=', taskName)
    .where('id', 'in', ids)
    .where('state', '!=', 'dismissed')
    .execute();
}

async function upsertAll(
  transaction: Transaction<Database>,
  rows: readonly ReturnType<typeof findingToRow>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += maxRows) {
    await upsert(transaction, rows.slice(from, from + maxRows));
  }
}

async function upsert(
  transaction: Transaction<Database>,
  rows: readonly ReturnType<typeof findingToRow>[],
): Promise<void> {
  await transaction
    .insertInto('findings')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['repository_id', 'pull_request', 'id', 'task_name']).doUpdateSet((row) => ({
        ...Object.fromEntries(replaced.map((column) => [column, row.ref(`excluded.${column}`)])),
        ...Object.fromEntries(
          keptOfDismissed.map((column) => [
            column,
            row
              .case()
              .when('findings.state', '=', 'dismissed')
              .then(row.ref(`findings.${column}`))
              .else(row.ref(`excluded.${column}`))
              .end(),
          ]),
        ),
      })),
    )
    .execute();
}
