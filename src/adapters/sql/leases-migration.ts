import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Creates the table of names that one process at a time may hold. */
export async function createLeases(
  db: Kysely<unknown>,
  { wholeNumber, tableEnd }: Flavour,
): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (col) => col.notNull().primaryKey())
    .addColumn('holder', 'text', (col) => col.notNull())
    .addColumn('until_ms', wholeNumber, (col) => col.notNull())
    .modifyEnd(tableEnd)
    .execute();
}
