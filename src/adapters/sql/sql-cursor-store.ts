import type { Kysely } from 'kysely';
import type { CursorStore } from '../../ports/store.ts';
import { wholeNumber } from './row-values.ts';
import type { Database } from './schema.ts';

/** Cursors in the `cursors` table: absent is 0. */
export class SqlCursorStore implements CursorStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async at(name: string): Promise<number> {
    const query = this.#db.selectFrom('cursors').select('at_ms').where('name', '=', name);
    const row = await query.executeTakeFirst();
    return row === undefined ? 0 : wholeNumber(row.at_ms);
  }

  async move(...[name, fromMs, toMs]: Parameters<CursorStore['move']>): Promise<boolean> {
    if (fromMs === 0) {
      const values = { name, at_ms: 0 };
      const query = this.#db.insertInto('cursors').values(values);
      await query.onConflict((conflict) => conflict.column('name').doNothing()).execute();
    }
    // One statement compares and sets, so of two processes exactly one changes the row.
    const { numUpdatedRows } = await this.#db
      .updateTable('cursors')
      .set({ at_ms: toMs })
      .where('name', '=', name)
      .where('at_ms', '=', fromMs)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }
}
