import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import {
  ContainmentLine,
  ContainmentOrder,
  sentinelMark,
} from '../../../src/protocol/containment.ts';

const order = {
  attempts: ['resources.fork-bomb'],
  nonce: '0'.repeat(32),
  sentinelDigest: digestOf('x'),
  tcp: [{ host: '192.0.2.1', port: 80 }],
  metadata: [],
  udp: [],
  abstractSocket: null,
  names: ['example.test'],
  icmp: [],
  marker: null,
};
const line = {
  nonce: '0'.repeat(32),
  attempt: 'escape.mount',
  facts: { errno: 'EPERM' },
  isDone: true,
};

describe('what the containment agent is told', () => {
  it('takes an order', () => {
    expect(ContainmentOrder.parse(order)).toEqual(order);
  });

  it.each([
    ['no attempts', { attempts: [] }],
    ['an attempt that is a path', { attempts: ['../../etc'] }],
    ['a short nonce', { nonce: '0' }],
    ['the sentinel itself in place of its digest', { sentinelDigest: sentinelMark.join('-') }],
    ['a port out of range', { tcp: [{ host: '192.0.2.1', port: 70_000 }] }],
    ['an unknown field', { secret: 'x' }],
  ])('refuses %s', (_what, change) => {
    expect(ContainmentOrder.safeParse({ ...order, ...change }).success).toBe(false);
  });
});

describe('what it says', () => {
  it('takes a line', () => {
    expect(ContainmentLine.parse(line)).toEqual(line);
  });

  it.each([
    ['an attempt that is none', { attempt: 'x' }],
    ['facts that are no object', { facts: 'held' }],
    ['a missing end', { isDone: undefined }],
    ['an unknown field', { held: true }],
  ])('refuses %s', (_what, change) => {
    expect(ContainmentLine.safeParse({ ...line, ...change }).success).toBe(false);
  });
});
