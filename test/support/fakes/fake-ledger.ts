import { Digest, digestOf, type TaskId } from '../../../src/domain/ids.ts';
import {
  type JsonValue,
  type LedgerEntry,
  LedgerEvent,
  type LedgerHead,
} from '../../../src/domain/ledger-entry.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';

const noHash = Digest.parse(`sha256:${'0'.repeat(64)}`);

/** The ledger as an array, really chained. */
export class FakeLedger implements Ledger {
  readonly entries: LedgerEntry[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async append(event: LedgerEvent): Promise<LedgerEntry> {
    return this.appendNow(event);
  }

  /** In this turn of the event loop: how the fake store appends what belongs to a move. */
  appendNow(event: LedgerEvent): LedgerEntry {
    const row = {
      ...structuredClone(LedgerEvent.parse(event)),
      seq: this.entries.length + 1,
      atMs: this.#clock.nowMs(),
      previousHash: this.entries.at(-1)?.hash ?? noHash,
    };
    const entry = { ...row, hash: digestOf(canonical(row)) };
    this.entries.push(entry);
    return entry;
  }

  async head(): Promise<LedgerHead> {
    const last = this.entries.at(-1);
    return last === undefined ? { seq: 0, hash: noHash } : { seq: last.seq, hash: last.hash };
  }

  async *read(fromSeq: number): AsyncIterable<LedgerEntry> {
    yield* this.entries.filter((entry) => entry.seq >= fromSeq);
  }

  async ofTask(taskId: TaskId): Promise<readonly LedgerEntry[]> {
    return this.entries.filter((entry) => entry.taskId === taskId);
  }

  /** The types of everything appended so far, in order: what most tests want to look at. */
  types(): readonly string[] {
    return this.entries.map((entry) => entry.type);
  }
}

/** Canonical JSON (RFC 8785): ECMAScript's own number and string forms, keys by UTF-16 units. */
function canonical(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonical(item)).join(',')}]`;
  const pairs = Object.entries(value as Readonly<Record<string, JsonValue>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${pairs.join(',')}}`;
}
