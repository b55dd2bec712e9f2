import { describe, expect, test } from 'vitest';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import { LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import {
  EMPTY_HEAD,
  GENESIS_HASH,
  hashOf,
  nextEntry,
  wellFormed,
} from '../../../src/ledger/chain.ts';

const event = { type: 'task.queued', taskId: null, data: { b: 1, a: 'x' } };

describe('the chain', () => {
  test('hashes the canonical JSON of the row and the hash before', () => {
    const entry = nextEntry(EMPTY_HEAD, event, 5);
    expect(entry).toEqual({
      ...event,
      seq: 1,
      atMs: 5,
      previousHash: GENESIS_HASH,
      hash: digestOf(
        `{"atMs":5,"data":{"a":"x","b":1},"previousHash":"sha256:${'0'.repeat(64)}",` +
          '"seq":1,"taskId":null,"type":"task.queued"}',
      ),
    });
    expect(LedgerEntry.parse(entry)).toEqual(entry);
  });

  test.each([
    ['seq', { seq: 2 }],
    ['time', { atMs: 6 }],
    ['type', { type: 'task.done' }],
    ['task', { taskId: taskIdFor('a', 'review') }],
    ['data', { data: { a: 'x', b: 2 } }],
  ])('gives another hash when the %s is another', (_, change) => {
    const entry = nextEntry(EMPTY_HEAD, event, 5);
    expect(hashOf(GENESIS_HASH, { ...entry, ...change })).not.toBe(entry.hash);
  });

  test('gives another hash after another row', () => {
    const entry = nextEntry(EMPTY_HEAD, event, 5);
    expect(hashOf(digestOf('other'), entry)).not.toBe(entry.hash);
  });

  test('never goes back in time, even when the clock does', () => {
    const first = nextEntry(EMPTY_HEAD, event, 1_000);
    const second = nextEntry(first, event, 400);
    const third = nextEntry(second, event, 1_001);
    expect([first, second, third].map((entry) => entry.atMs)).toEqual([1_000, 1_000, 1_001]);
  });

  test('has a canonical form for every string once it is well formed', () => {
    const data = { '\ud800key': ['a\udc00', { deep: '\ud800' }], fine: '\u{1f600}', n: 1, z: null };
    expect(wellFormed(data)).toEqual({
      '\ufffdkey': ['a\ufffd', { deep: '\ufffd' }],
      fine: '\u{1f600}',
      n: 1,
      z: null,
    });
  });
});
