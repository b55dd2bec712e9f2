import type { Kysely } from 'kysely';
import { type Digest, digestOf } from '../../domain/ids.ts';
import { SallyportError } from '../../errors.ts';
import type { ArtifactStore } from '../../ports/store.ts';
import type { Database } from './schema.ts';

/** Bytes in the `artifacts` table, checked against their digest on the way out. */
export class SqlArtifactStore implements ArtifactStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.#db
      .insertInto('artifacts')
      .values({ digest, bytes })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .execute();
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const query = this.#db.selectFrom('artifacts').select('bytes').where('digest', '=', digest);
    const row = await query.executeTakeFirst();
    if (row === undefined) throw new SallyportError('store.corrupt', `no artifact ${digest}`);
    // Whoever can write to the database must not be able to swap a patch behind its approval.
    if (digestOf(row.bytes) !== digest) {
      throw new SallyportError('store.corrupt', `artifact ${digest} has other content`);
    }
    return row.bytes;
  }
}
