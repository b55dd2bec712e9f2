import type { Kysely } from 'kysely';
import { RepositoryRef } from '../../domain/repository.ts';
import type { RepositoryStore } from '../../ports/store.ts';
import { parseRow, wholeNumber } from './row-values.ts';
import type { Database } from './schema.ts';

/** Repositories as the rows of the `tasks` table name them. */
export class SqlRepositoryStore implements RepositoryStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async known(limit: number): Promise<readonly RepositoryRef[]> {
    const ranked = this.#db
      .selectFrom('tasks')
      .select(['repository_id', 'installation_id', 'owner', 'name', 'created_at_ms'])
      .select(({ fn }) =>
        fn
          .agg<number>('row_number')
          .over((over) =>
            over
              .partitionBy('repository_id')
              .orderBy('created_at_ms', 'desc')
              .orderBy('id', 'desc'),
          )
          .as('place'),
      );
    const rows = await this.#db
      .selectFrom(ranked.as('ranked'))
      .selectAll()
      .where('place', '=', 1)
      .orderBy('created_at_ms', 'desc')
      .orderBy('repository_id')
      .limit(limit)
      .execute();
    return rows.map((row) =>
      parseRow(RepositoryRef, 'tasks', {
        installationId: wholeNumber(row.installation_id),
        repositoryId: wholeNumber(row.repository_id),
        owner: row.owner,
        name: row.name,
      }),
    );
  }

  async move({ installationId, repositoryId, owner, name }: RepositoryRef): Promise<void> {
    await this.#db
      .updateTable('tasks')
      .set({ installation_id: installationId, owner, name })
      .where('repository_id', '=', repositoryId)
      .execute();
  }
}
