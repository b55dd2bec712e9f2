import type { Kysely, Transaction } from 'kysely';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { type LedgerEntry, LedgerEvent } from '../../domain/ledger-entry.ts';
import { type ChainHead, nextEntry, wellFormed } from '../../ledger/chain.ts';
import { headFrom } from './ledger-head.ts';
import type { Database, LedgerRow } from './schema.ts';

/**
 * Appends events to the chain within `transaction`, in their order: their rows are there when the
 * transaction is, with whatever else it writes. The head stays locked until then.
 * @throws SallyportError `ledger.broken`; an event that does not match its schema is a programming fault
 */
export async function appendEntries(
  transaction: Transaction<Database>,
  events: readonly LedgerEvent[],
  nowMs: number,
): Promise<readonly LedgerEntry[]> {
  let head = await lockHead(transaction);
  const entries: LedgerEntry[] = [];
  for (const event of events) {
    const entry = nextEntry(head, cleanEvent(event), nowMs);
    entries.push(entry);
    head = entry;
  }
  await transaction.insertInto('ledger').values(entries.map(rowFrom)).execute();
  const place = { seq: head.seq, hash: head.hash, at_ms: head.atMs };
  await transaction.updateTable('ledger_head').set(place).where('id', '=', 1).execute();
  return entries;
}

/** The event as the chain takes it. What has no canonical JSON, or is no event, is a programming fault. */
export function cleanEvent(event: LedgerEvent): LedgerEvent {
  const { data, ...rest } = LedgerEvent.parse(event);
  const clean = { ...rest, data: wellFormed(data) };
  canonicalJson(clean.data);
  return clean;
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
