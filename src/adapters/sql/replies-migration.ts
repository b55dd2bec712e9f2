import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Creates the table of answers. */
export async function createReplies(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await db.schema
    .createTable('replies')
    .addColumn('id', flavour.wholeNumber, (col) => flavour.counter(col))
    .addColumn('thread', 'text', (col) => col.notNull())
    .addColumn('key', 'text', (col) => col.notNull().unique())
    .addColumn('text', 'text', (col) => col.notNull())
    .modifyEnd(flavour.tableEnd)
    .execute();
  const index = db.schema.createIndex('replies_of_thread').on('replies');
  await index.columns(['thread', 'id']).execute();
}
