import type { TaskId } from '../domain/ids.ts';
import type { LedgerEntry, LedgerHead } from '../domain/ledger-entry.ts';
import { hasCode } from '../errors.ts';
import { EMPTY_HEAD, hashOf } from './chain.ts';

/** What is wrong with the ledger at row `seq`. `detail` has no text from the rows. */
export interface LedgerFault {
  readonly seq: number;
  readonly kind: 'changed' | 'removed' | 'reordered' | 'truncated' | 'inserted' | 'clock';
  readonly detail: string;
}

/** The outcome of a verification. `events` counts the rows read, or those of the task asked for. */
export type Verification =
  | { readonly verified: true; readonly events: number; readonly head: LedgerHead }
  | { readonly verified: false; readonly events: number; readonly faults: readonly LedgerFault[] };

/** What to check beside the chain itself. */
export interface VerifyOptions {
  /** Heads written down elsewhere, e.g. in check run summaries: each must match the row of its `seq`. */
  readonly expectedHeads?: readonly LedgerHead[];
  /** Count only this task's rows. The chain is checked as a whole all the same. */
  readonly taskId?: TaskId;
}

/** A ledger that is wrong from some row on is wrong everywhere after it: more faults say nothing new. */
const MAX_FAULTS = 100;

type Position = Pick<LedgerEntry, 'seq' | 'hash' | 'atMs'>;

function isIntact(entry: LedgerEntry): boolean {
  try {
    return hashOf(entry.previousHash, entry) === entry.hash;
  } catch (error) {
    // Only a forged row holds what has no canonical JSON: `append` refuses it.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function orderFault(last: Position, entry: LedgerEntry, seen: boolean): LedgerFault | undefined {
  const next = last.seq + 1;
  const { seq } = entry;
  if (seq === next) return undefined;
  if (seq > next) {
    return { seq: next, kind: 'removed', detail: `rows ${next} to ${seq - 1} are missing` };
  }
  return seen
    ? { seq, kind: 'inserted', detail: `row ${seq} is there more than once` }
    : { seq, kind: 'reordered', detail: `row ${seq} comes after row ${last.seq}` };
}

function linkFault(last: Position, entry: LedgerEntry): LedgerFault | undefined {
  if (entry.previousHash !== last.hash) {
    // The row is intact, so the one it was chained to is not the one that stands there now.
    const detail = `row ${last.seq} is not the one that row ${entry.seq} was chained to`;
    return { seq: last.seq === 0 ? entry.seq : last.seq, kind: 'changed', detail };
  }
  if (entry.atMs < last.atMs) {
    return {
      seq: entry.seq,
      kind: 'clock',
      detail: `row ${entry.seq} is older than the row before`,
    };
  }
  return undefined;
}

/** Checks rows one by one in constant memory but for gaps, of which a sound ledger has none. */
class ChainCheck {
  readonly faults: LedgerFault[] = [];
  last: Position = EMPTY_HEAD;
  readonly #missing = new Set<number>();

  add(fault: LedgerFault | undefined): void {
    if (fault === undefined) return;
    const { seq, kind } = this.faults.at(-1) ?? {};
    // A row that was changed shows twice: in itself, and in the row that was chained to it.
    if (seq !== fault.seq || kind !== fault.kind) this.faults.push(fault);
  }

  row(entry: LedgerEntry): void {
    const late = this.#missing.delete(entry.seq);
    const order = orderFault(this.last, entry, !late);
    this.add(order);
    if (!isIntact(entry)) {
      this.add({
        seq: entry.seq,
        kind: 'changed',
        detail: `row ${entry.seq} does not match its hash`,
      });
    } else if (order === undefined) {
      this.add(linkFault(this.last, entry));
    }
    if (entry.seq <= this.last.seq) return;
    const gapEnd = Math.min(entry.seq, this.last.seq + 1 + MAX_FAULTS);
    for (let seq = this.last.seq + 1; seq < gapEnd; seq += 1) this.#missing.add(seq);
    this.last = entry;
  }

  expectedAt(head: LedgerHead, entry: LedgerEntry): void {
    if (head.seq !== entry.seq || head.hash === entry.hash) return;
    const detail = `row ${head.seq} is not the one that was written down elsewhere`;
    this.add({ seq: head.seq, kind: 'changed', detail });
  }

  end(expectedHeads: readonly LedgerHead[]): void {
    for (const { seq, hash } of expectedHeads) {
      if (seq > this.last.seq) {
        const detail = `the ledger ends at row ${this.last.seq} and has been at row ${seq}`;
        this.add({ seq: this.last.seq + 1, kind: 'truncated', detail });
      } else if (seq === 0 && hash !== EMPTY_HEAD.hash) {
        this.add({
          seq: 0,
          kind: 'changed',
          detail: 'the head given for the empty ledger is wrong',
        });
      }
    }
  }
}

/**
 * Reads every row from the first and says whether the chain holds. Finds changed, removed, reordered and
 * inserted rows by itself; a tail that was cut, or rewritten together with all its hashes, only against
 * `expectedHeads`. Stops at 100 faults. A row that cannot be read at all counts as changed.
 */
export async function verifyLedger(
  entries: AsyncIterable<LedgerEntry>,
  options: VerifyOptions = {},
): Promise<Verification> {
  const { expectedHeads = [], taskId } = options;
  const check = new ChainCheck();
  let events = 0;
  try {
    for await (const entry of entries) {
      check.row(entry);
      for (const head of expectedHeads) check.expectedAt(head, entry);
      if (taskId === undefined || entry.taskId === taskId) events += 1;
      if (check.faults.length >= MAX_FAULTS)
        return { verified: false, events, faults: check.faults };
    }
    check.end(expectedHeads);
  } catch (error) {
    if (!hasCode(error, 'ledger.broken')) throw error;
    check.add({ seq: check.last.seq + 1, kind: 'changed', detail: error.message });
  }
  const { seq, hash } = check.last;
  if (check.faults.length > 0) return { verified: false, events, faults: check.faults };
  return { verified: true, events, head: { seq, hash } };
}
