import type { Kysely, Selectable } from 'kysely';
import type { TaskId } from '../../domain/ids.ts';
import type { LedgerEvent } from '../../domain/ledger-entry.ts';
import { mayBecome, type Task, type TaskState } from '../../domain/task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TaskPatch, TaskStore } from '../../ports/store.ts';
import { appendEntries } from './append-entries.ts';
import type { Database, TaskRow } from './schema.ts';
import { patchToRow, taskFromRow, taskToRow } from './task-row.ts';

function refuseForbiddenMoves(from: readonly TaskState[], to: TaskState): void {
  const forbidden = from.find((state) => !mayBecome(state, to));
  if (forbidden === undefined) return;
  throw new Error(`a task does not go from ${forbidden} to ${to}`);
}

/** Tasks in the `tasks` table. */
export class SqlTaskStore implements TaskStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async insert(task: Task, event?: LedgerEvent): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('tasks')
        .values(taskToRow(task))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      if (event !== undefined) await appendEntries(transaction, [event], this.#clock.nowMs());
      return true;
    });
  }

  async get(id: TaskId): Promise<Task | undefined> {
    const query = this.#db.selectFrom('tasks').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : taskFromRow(row);
  }

  async transition(
    ...[id, from, to, patch = {}, tell]: Parameters<TaskStore['transition']>
  ): Promise<Task | undefined> {
    refuseForbiddenMoves(from, to);
    if (from.length === 0) return undefined;
    // One statement compares and sets, so of two processes exactly one gets the row back.
    return this.#db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('tasks')
        .set({ ...patchToRow(patch), state: to, updated_at_ms: this.#clock.nowMs() })
        .where('id', '=', id)
        .where('state', 'in', from)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return undefined;
      // A row that does not parse throws here, and the move is rolled back. So it is without its ledger row.
      const moved = taskFromRow(row);
      if (tell !== undefined) await appendEntries(transaction, [tell(moved)], this.#clock.nowMs());
      return moved;
    });
  }

  async patch(id: TaskId, patch: TaskPatch): Promise<void> {
    await this.#db
      .updateTable('tasks')
      .set({ ...patchToRow(patch), updated_at_ms: this.#clock.nowMs() })
      .where('id', '=', id)
      .execute();
  }

  async ofPullRequest(
    ...[repositoryId, pullRequest, states]: Parameters<TaskStore['ofPullRequest']>
  ): Promise<readonly Task[]> {
    if (states.length === 0) return [];
    const rows = await this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('repository_id', '=', repositoryId)
      .where('pull_request', '=', pullRequest)
      .where('state', 'in', states)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return tasksFrom(rows);
  }

  async ofHead(...[repositoryId, headSha]: Parameters<TaskStore['ofHead']>) {
    const rows = await this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('repository_id', '=', repositoryId)
      .where('head_sha', '=', headSha)
      .where('subject_kind', '=', 'pull-request')
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .execute();
    return tasksFrom(rows);
  }

  async ofInstallation(
    ...[installationId, states, limit]: Parameters<TaskStore['ofInstallation']>
  ): Promise<readonly Task[]> {
    if (states.length === 0) return [];
    const rows = await this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('installation_id', '=', installationId)
      .where('state', 'in', states)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return tasksFrom(rows);
  }

  async unconcluded(limit: number): Promise<readonly Task[]> {
    const rows = await this.#oldestFirst(limit).where('check_concluded', '=', 0).execute();
    return tasksFrom(rows);
  }

  async inStates(states: readonly TaskState[], limit: number): Promise<readonly Task[]> {
    if (states.length === 0) return [];
    return tasksFrom(await this.#oldestFirst(limit).where('state', 'in', states).execute());
  }

  #oldestFirst(limit: number) {
    return this.#db
      .selectFrom('tasks')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .limit(limit);
  }
}

function tasksFrom(rows: readonly Selectable<TaskRow>[]): readonly Task[] {
  return rows.map((row) => taskFromRow(row));
}
