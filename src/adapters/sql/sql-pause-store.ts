import type { Kysely } from 'kysely';
import type { PauseStore } from '../../ports/store.ts';
import { wholeNumber } from './row-values.ts';
import type { Database } from './schema.ts';

/** Pauses in the `pauses` table. */
export class SqlPauseStore implements PauseStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async set({
    repositoryId,
    number,
    isPaused,
    atMs,
  }: Parameters<PauseStore['set']>[0]): Promise<void> {
    const said = { is_paused: isPaused ? 1 : 0, at_ms: atMs };
    await this.#db
      .insertInto('pauses')
      .values({ repository_id: repositoryId, pull_request: number, ...said })
      .onConflict((conflict) =>
        conflict
          .columns(['repository_id', 'pull_request'])
          .doUpdateSet(said)
          .where('pauses.at_ms', '<=', atMs),
      )
      .execute();
  }

  async isPaused({
    repositoryId,
    number,
  }: Parameters<PauseStore['isPaused']>[0]): Promise<boolean> {
    const row = await this.#db
      .selectFrom('pauses')
      .select('is_paused')
      .where('repository_id', '=', repositoryId)
      .where('pull_request', '=', number)
      .executeTakeFirst();
    return row !== undefined && wholeNumber(row.is_paused) === 1;
  }
}
