import type { Kysely } from 'kysely';

/** Keeps what a task was started with. Those from before were started with nothing. */
export async function keepParameters(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('parameters', 'text', (col) => col.notNull().defaultTo('{}'))
    .execute();
}
