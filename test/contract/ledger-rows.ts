import type { LedgerEntry } from '../../src/domain/ledger-entry.ts';
import type { Ledger } from '../../src/ports/ledger.ts';

/** Every row from `fromSeq` on, at once. */
export async function rowsOf(ledger: Ledger, fromSeq = 1): Promise<LedgerEntry[]> {
  const rows: LedgerEntry[] = [];
  for await (const row of ledger.read(fromSeq)) rows.push(row);
  return rows;
}
