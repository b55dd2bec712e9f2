import type { Kysely } from 'kysely';
import type { Flavour } from './flavour.ts';

/** Counts what attempts asked of models. Those from before count as none: their day is over soon. */
export async function countRequests(
  db: Kysely<unknown>,
  { wholeNumber }: Pick<Flavour, 'wholeNumber'>,
): Promise<void> {
  await db.schema
    .alterTable('usage')
    .addColumn('requests', wholeNumber, (col) => col.notNull().defaultTo(0))
    .execute();
}
