import type { JsonValue, LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import { type ChainHead, EMPTY_HEAD, nextEntry } from '../../../src/ledger/chain.ts';

/** A sound ledger of `count` rows, one second apart. */
export function chainOf(count: number, data: Record<string, JsonValue> = {}): LedgerEntry[] {
  const rows: LedgerEntry[] = [];
  let head: ChainHead = EMPTY_HEAD;
  for (let seq = 1; seq <= count; seq += 1) {
    const event = { type: 'task.queued', taskId: null, data: { ...data, number: seq } };
    const entry = nextEntry(head, event, seq * 1_000);
    rows.push(entry);
    head = entry;
  }
  return rows;
}

/** Rows as a ledger gives them. */
export async function* stream(rows: readonly LedgerEntry[]): AsyncGenerator<LedgerEntry> {
  yield* rows;
}
