import type { Kysely } from 'kysely';
import type { LeaseStore } from '../../ports/leases.ts';
import type { Database } from './schema.ts';

/** Leases in the `leases` table; a name that is not there is free. */
export class SqlLeaseStore implements LeaseStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async take({
    name,
    holder,
    nowMs,
    untilMs,
  }: Parameters<LeaseStore['take']>[0]): Promise<boolean> {
    // One statement looks and takes, so of two processes exactly one gets the name.
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('leases')
      .values({ name, holder, until_ms: untilMs })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder, until_ms: untilMs })
          .where((where) =>
            where.or([
              where.eb('leases.until_ms', '<=', nowMs),
              where.eb('leases.holder', '=', holder),
            ]),
          ),
      )
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async release(...[name, holder]: Parameters<LeaseStore['release']>): Promise<void> {
    const mine = this.#db.deleteFrom('leases').where('name', '=', name);
    await mine.where('holder', '=', holder).execute();
  }
}
