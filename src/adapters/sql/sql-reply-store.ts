import type { Kysely } from 'kysely';
import { z } from 'zod';
import { TaskId } from '../../domain/ids.ts';
import type { KeptReply, ReplyStore } from '../../ports/store.ts';
import { parseRow } from './row-values.ts';
import type { Database } from './schema.ts';

const Reply = z.strictObject({ key: TaskId, text: z.string() });

/** Answers in the `replies` table. */
export class SqlReplyStore implements ReplyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async add(thread: TaskId, { key, text }: KeptReply): Promise<void> {
    await this.#db
      .insertInto('replies')
      .values({ thread, key, text })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
  }

  async put(thread: TaskId, { key, text }: KeptReply): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const of = transaction.selectFrom('replies').select('text').where('key', '=', key);
      const before = await of.executeTakeFirst();
      if (before?.text === text) return;
      await transaction.deleteFrom('replies').where('key', '=', key).execute();
      await transaction
        .insertInto('replies')
        .values({ thread, key, text })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ text }))
        .execute();
    });
  }

  async latest(thread: TaskId, limit: number): Promise<readonly KeptReply[]> {
    const rows = await this.#db
      .selectFrom('replies')
      .select(['key', 'text'])
      .where('thread', '=', thread)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => parseRow(Reply, 'replies', row));
  }
}
