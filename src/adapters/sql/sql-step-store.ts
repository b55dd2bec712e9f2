import type { Kysely } from 'kysely';
import type { StepStore } from '../../ports/store.ts';
import type { Database } from './schema.ts';

/** Steps in the `steps` table: absent is new, null is begun, a reference is done. */
export class SqlStepStore implements StepStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async begin(...[taskId, step]: Parameters<StepStore['begin']>): ReturnType<StepStore['begin']> {
    return this.#db.transaction().execute(async (transaction) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('steps')
        .values({ task_id: taskId, step, reference: null })
        .onConflict((conflict) => conflict.columns(['task_id', 'step']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 1n) return { status: 'new' };
      const { reference } = await transaction
        .selectFrom('steps')
        .select('reference')
        .where('task_id', '=', taskId)
        .where('step', '=', step)
        .executeTakeFirstOrThrow();
      return reference === null ? { status: 'begun' } : { status: 'done', reference };
    });
  }

  async find(...[taskId, step]: Parameters<StepStore['find']>): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('steps')
      .select('reference')
      .where('task_id', '=', taskId)
      .where('step', '=', step)
      .executeTakeFirst();
    return row?.reference ?? undefined;
  }

  async keep(...[taskId, step, reference]: Parameters<StepStore['keep']>): Promise<string> {
    const row = await this.#db
      .insertInto('steps')
      .values({ task_id: taskId, step, reference })
      .onConflict((conflict) =>
        conflict.columns(['task_id', 'step']).doUpdateSet((set) => ({
          reference: set.fn.coalesce('steps.reference', 'excluded.reference'),
        })),
      )
      .returning('reference')
      .executeTakeFirstOrThrow();
    return row.reference ?? reference;
  }

  async finish(...[taskId, step, reference]: Parameters<StepStore['finish']>): Promise<void> {
    await this.#db
      .insertInto('steps')
      .values({ task_id: taskId, step, reference })
      .onConflict((conflict) => conflict.columns(['task_id', 'step']).doUpdateSet({ reference }))
      .execute();
  }
}
