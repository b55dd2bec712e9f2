import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Creates the table of cursors, and what finds tasks by their commit. */
export async function createCursors(
  db: Kysely<unknown>,
  { wholeNumber, tableEnd }: Flavour,
): Promise<void> {
  await db.schema
    .createTable('cursors')
    .addColumn('name', 'text', (col) => col.notNull().primaryKey())
    .addColumn('at_ms', wholeNumber, (col) => col.notNull())
    .modifyEnd(tableEnd)
    .execute();
  const index = db.schema.createIndex('tasks_of_head').on('tasks');
  await index.columns(['repository_id', 'head_sha']).execute();
}
