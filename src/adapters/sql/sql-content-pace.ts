import type { Kysely, Transaction } from 'kysely';
import { type ContentLimit, contentLimits } from '../../domain/content-limits.ts';
import type { ContentPace } from '../../ports/content-pace.ts';
import { wholeNumber } from './row-values.ts';
import type { Database } from './schema.ts';

const longestMs = Math.max(...contentLimits.map(({ spanMs }) => spanMs));
/** How far apart the clocks of two processes may be: what the slower one still needs is kept for so long. */
const skewMs = 60_000;

/** The pace of installations, in the tables `content_paces` and `content_writes`. */
export class SqlContentPace implements ContentPace {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async take(installationId: number, nowMs: number): Promise<number> {
    return this.#db.transaction().execute(async (transaction) => {
      const blockedUntilMs = await lock(transaction, installationId);
      await prune(transaction, installationId, nowMs);
      const waits = [blockedUntilMs - nowMs];
      for (const limit of contentLimits) {
        waits.push((await freeAtMs(transaction, installationId, limit)) - nowMs);
      }
      const waitMs = Math.max(0, ...waits);
      if (waitMs > 0) return waitMs;
      const written = { installation_id: installationId, at_ms: nowMs };
      await transaction.insertInto('content_writes').values(written).execute();
      return 0;
    });
  }

  async block(installationId: number, untilMs: number): Promise<void> {
    await this.#db
      .insertInto('content_paces')
      .values({ installation_id: installationId, blocked_until_ms: untilMs })
      .onConflict((conflict) =>
        conflict
          .column('installation_id')
          .doUpdateSet({ blocked_until_ms: untilMs })
          .where('content_paces.blocked_until_ms', '<', untilMs),
      )
      .execute();
  }
}

/** Locks the installation until the transaction ends, and tells until when it is blocked. */
async function lock(db: Transaction<Database>, installationId: number): Promise<number> {
  const row = await db
    .insertInto('content_paces')
    .values({ installation_id: installationId, blocked_until_ms: 0 })
    .onConflict((conflict) =>
      conflict.column('installation_id').doUpdateSet({ installation_id: installationId }),
    )
    .returning('blocked_until_ms')
    .executeTakeFirstOrThrow();
  return wholeNumber(row.blocked_until_ms);
}

/** Leaves out what no limit asks for any more, and what was written before a clock was set back. */
async function prune(
  db: Transaction<Database>,
  installationId: number,
  nowMs: number,
): Promise<void> {
  await db
    .deleteFrom('content_writes')
    .where('installation_id', '=', installationId)
    .where((row) =>
      row.or([
        row.eb('at_ms', '<=', nowMs - longestMs - skewMs),
        row.eb('at_ms', '>', nowMs + longestMs),
      ]),
    )
    .execute();
}

/**
 * When one more is within the limit: when the last one but `most` is older than the span. Those of a process whose
 * clock is ahead count too, so whichever order the times have, no stretch has more.
 */
async function freeAtMs(
  db: Transaction<Database>,
  installationId: number,
  { most, spanMs }: ContentLimit,
): Promise<number> {
  const row = await db
    .selectFrom('content_writes')
    .select('at_ms')
    .where('installation_id', '=', installationId)
    .orderBy('at_ms', 'desc')
    .limit(1)
    .offset(most - 1)
    .executeTakeFirst();
  return row === undefined ? 0 : wholeNumber(row.at_ms) + spanMs;
}
