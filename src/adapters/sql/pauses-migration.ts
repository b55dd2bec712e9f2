import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Creates the table of paused pull requests. */
export async function createPauses(
  db: Kysely<unknown>,
  { wholeNumber, tableEnd }: Flavour,
): Promise<void> {
  await db.schema
    .createTable('pauses')
    .addColumn('repository_id', wholeNumber, (col) => col.notNull())
    .addColumn('pull_request', wholeNumber, (col) => col.notNull())
    .addColumn('is_paused', wholeNumber, (col) => col.notNull())
    .addColumn('at_ms', wholeNumber, (col) => col.notNull())
    .addPrimaryKeyConstraint('pauses_key', ['repository_id', 'pull_request'])
    .modifyEnd(tableEnd)
    .execute();
}
