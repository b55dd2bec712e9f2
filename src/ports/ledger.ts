import type { TaskId } from '../domain/ids.ts';
import type { LedgerEntry, LedgerEvent, LedgerHead } from '../domain/ledger-entry.ts';

/** How an event is appended. */
export interface AppendOptions {
  /** Nothing is held up by it: it may be written with the next one, some milliseconds later. */
  readonly mayWait?: boolean;
}

/** The append-only record. @throws SallyportError `store.unavailable`, `ledger.broken` */
export interface Ledger {
  /** Appends one event; it is durable and chained when this resolves. Concurrent appends are serialised. */
  append(event: LedgerEvent, options?: AppendOptions): Promise<LedgerEntry>;
  head(): Promise<LedgerHead>;
  /** Rows in order from `fromSeq` (1 for all), read in pages. */
  read(fromSeq: number): AsyncIterable<LedgerEntry>;
  /** Rows of one task, in order. */
  ofTask(taskId: TaskId): Promise<readonly LedgerEntry[]>;
}
