import type { Kysely, Selectable } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { TaskId } from '../../domain/ids.ts';
import { LedgerEntry, type LedgerEvent, type LedgerHead } from '../../domain/ledger-entry.ts';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppendOptions, Ledger } from '../../ports/ledger.ts';
import { appendEntries, cleanEvent } from './append-entries.ts';
import { CommitGroups } from './commit-groups.ts';
import { headFrom } from './ledger-head.ts';
import { jsonOrNothing, wholeNumber } from './row-values.ts';
import type { Database, LedgerRow } from './schema.ts';

/** Rows read at once: bounds memory, whatever the length of the ledger. */
const PAGE_ROWS = 500;

function entryFrom(row: Selectable<LedgerRow>): LedgerEntry {
  const parsed = LedgerEntry.safeParse({
    seq: wholeNumber(row.seq),
    atMs: wholeNumber(row.at_ms),
    type: row.type,
    taskId: row.task_id,
    data: jsonOrNothing(row.data),
    previousHash: row.previous_hash,
    hash: row.hash,
  });
  // One value has many texts, e.g. with a member twice, of which the hash sees one: only the canonical counts.
  if (parsed.success && isCanonical(row.data, parsed.data)) return parsed.data;
  throw new SallyportError('ledger.broken', `row ${row.seq} is not a ledger row`);
}

function isCanonical(text: string, { data }: LedgerEntry): boolean {
  try {
    return canonicalJson(data) === text;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The ledger in the `ledger` table, whose triggers refuse update and delete. */
export class SqlLedger implements Ledger {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #groups: CommitGroups<LedgerEvent, LedgerEntry>;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    this.#groups = new CommitGroups((events) => this.#write(events));
  }

  async append(event: LedgerEvent, { mayWait = false }: AppendOptions = {}): Promise<LedgerEntry> {
    // Refused here and alone: what cannot be written must not fail those that it would be written with.
    return this.#groups.add(cleanEvent(event), { mayWait });
  }

  /** Rows for all of the events, or for none. */
  #write(events: readonly LedgerEvent[]): Promise<readonly LedgerEntry[]> {
    return this.#db
      .transaction()
      .execute((transaction) => appendEntries(transaction, events, this.#clock.nowMs()));
  }

  async head(): Promise<LedgerHead> {
    const query = this.#db.selectFrom('ledger_head').select(['seq', 'hash', 'at_ms']);
    const { seq, hash } = headFrom(await query.where('id', '=', 1).executeTakeFirst());
    return { seq, hash };
  }

  async *read(fromSeq: number): AsyncIterable<LedgerEntry> {
    let next = fromSeq;
    for (;;) {
      const page = await this.#rows().where('seq', '>=', next).limit(PAGE_ROWS).execute();
      for (const row of page) yield entryFrom(row);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      next = wholeNumber(last.seq) + 1;
    }
  }

  async ofTask(taskId: TaskId): Promise<readonly LedgerEntry[]> {
    return (await this.#rows().where('task_id', '=', taskId).execute()).map((row) =>
      entryFrom(row),
    );
  }

  #rows() {
    return this.#db.selectFrom('ledger').selectAll().orderBy('seq');
  }
}
