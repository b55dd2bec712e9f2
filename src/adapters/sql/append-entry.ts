import type { Kysely, Transaction } from 'kysely';
import { type LedgerEntry, LedgerEvent } from '../../domain/ledger-entry.ts';
import { canonicalJson } from '../../ledger/canonical-json.ts';
import { type ChainHead, nextEntry, wellFormed } from '../../ledger/chain.ts';
import { headFrom } from './ledger-head.ts';
import type { Database, LedgerRow } from './schema.ts';

/**
 * Appends one event to the chain within `transaction`: the row is there when the transaction is, with
 * whatever else it writes. The head stays locked until then.
 * @throws SallyportError `ledger.broken`; an event that does not match its schema is a programming fault
 */
export async function appendEntry(
  transaction: Transaction<Database>,
  event: LedgerEvent,
  nowMs: number,
): Promise<LedgerEntry> {
  const { data, ...rest } = LedgerEvent.parse(event);
  const clean = { ...rest, data: wellFormed(data) };
  const entry = nextEntry(await lockHead(transaction), clean, nowMs);
  const { seq, hash, atMs } = entry;
  await transaction.insertInto('ledger').values(rowFrom(entry)).execute();
  const place = { seq, hash, at_ms: atMs };
  await transaction.updateTable('ledger_head').set(place).where('id', '=', 1).execute();
  return entry;
}

/** Locks the head until the transaction ends: an update is the one lock that every database has. */
async function lockHead(transaction: Kysely<Database>): Promise<ChainHead> {
  const row = await transaction
    .updateTable('ledger_head')
    .set({ id: 1 })
    .where('id', '=', 1)
    .returning(['seq', 'hash', 'at_ms'])
    .executeTakeFirst();
  return headFrom(row);
}

function rowFrom(entry: LedgerEntry): LedgerRow {
  return {
    seq: entry.seq,
    at_ms: entry.atMs,
    type: entry.type,
    task_id: entry.taskId,
    data: canonicalJson(entry.data),
    previous_hash: entry.previousHash,
    hash: entry.hash,
  };
}
