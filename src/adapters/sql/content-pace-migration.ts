import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Creates the tables of when installations created content, and of until when they may not. */
export async function createContentPace(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  const { wholeNumber, tableEnd } = flavour;
  await db.schema
    .createTable('content_paces')
    .addColumn('installation_id', wholeNumber, (col) => col.notNull().primaryKey())
    .addColumn('blocked_until_ms', wholeNumber, (col) => col.notNull())
    .modifyEnd(tableEnd)
    .execute();
  await db.schema
    .createTable('content_writes')
    .addColumn('seq', wholeNumber, (col) => flavour.counter(col))
    .addColumn('installation_id', wholeNumber, (col) => col.notNull())
    .addColumn('at_ms', wholeNumber, (col) => col.notNull())
    .modifyEnd(tableEnd)
    .execute();
  const index = db.schema.createIndex('content_writes_of_installation').on('content_writes');
  await index.columns(['installation_id', 'at_ms']).execute();
}
