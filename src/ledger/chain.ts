import { canonicalJson } from '../domain/canonical-json.ts';
import { Digest, digestOf } from '../domain/ids.ts';
import type { JsonValue, LedgerEntry, LedgerEvent, LedgerHead } from '../domain/ledger-entry.ts';

/** What the first row is chained to: 64 zeros, which no row hashes to. */
export const GENESIS_HASH: Digest = Digest.parse(`sha256:${'0'.repeat(64)}`);

/** The head of a ledger without rows. */
export const EMPTY_HEAD: ChainHead = { seq: 0, hash: GENESIS_HASH, atMs: 0 };

/** Where the chain stands: enough to make the next row. `atMs` is the last row's, epoch ms. */
export interface ChainHead extends LedgerHead {
  readonly atMs: number;
}

/** The part of a row that its hash covers, beside the hash of the row before. */
export type UnchainedRow = Omit<LedgerEntry, 'hash' | 'previousHash'>;

/**
 * The hash of `row` chained to `previousHash`: SHA-256 over the canonical JSON of both. It covers every
 * field, `seq` and `atMs` included, so a row cannot be renumbered or redated.
 * @throws TypeError when the row's data has no canonical JSON
 */
export function hashOf(previousHash: Digest, row: UnchainedRow): Digest {
  const { seq, atMs, type, taskId, data } = row;
  return digestOf(canonicalJson({ seq, atMs, type, taskId, data, previousHash }));
}

/**
 * The row that follows `head`. Its time is `nowMs`, but never before the row before: a clock that is set
 * back gives rows of equal time rather than a ledger whose order and times disagree.
 */
export function nextEntry(head: ChainHead, event: LedgerEvent, nowMs: number): LedgerEntry {
  const row: UnchainedRow = {
    seq: head.seq + 1,
    atMs: Math.max(nowMs, head.atMs),
    type: event.type,
    taskId: event.taskId,
    data: event.data,
  };
  return { ...row, previousHash: head.hash, hash: hashOf(head.hash, row) };
}

/**
 * `value` with every lone surrogate replaced by U+FFFD. Strings come from outside: one that has no
 * canonical JSON must not be able to stop the record.
 */
export function wellFormed<Value extends JsonValue>(value: Value): Value {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'string') return item.toWellFormed();
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, member]) => [key.toWellFormed(), member]),
    );
  });
  return JSON.parse(text) as Value;
}
