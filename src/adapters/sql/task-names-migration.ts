import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Gives tasks the names that the policy has for them. Those from before were called by their kind. */
export async function nameTasks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('task_name', 'text', (col) => col.notNull().defaultTo(''))
    .execute();
  const rows = db as Kysely<Database>;
  await rows
    .updateTable('tasks')
    .set((column) => ({ task_name: column.ref('kind') }))
    .execute();
}
