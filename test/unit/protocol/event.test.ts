import { describe, expect, it } from 'vitest';
import { SandboxEvent } from '../../../src/protocol/event.ts';
import { controlAuthority, routes } from '../../../src/protocol/wire.ts';
import { strangeKeys, withKey } from './samples.ts';

const events = [
  { type: 'phase', phase: 'running' },
  { type: 'progress', text: '2 of 3' },
  { type: 'log', stream: 'stderr', text: 'oops' },
];

describe('SandboxEvent', () => {
  it.each(events)('takes $type', (event) => {
    expect(SandboxEvent.parse(event)).toEqual(event);
  });

  it.each(strangeKeys)('has no field for %s', (_what, key) => {
    for (const event of events)
      expect(SandboxEvent.safeParse(withKey(event, key)).success).toBe(false);
  });

  it.each([
    ['an unknown type', { type: 'approve' }],
    ['an unknown phase', { type: 'phase', phase: 'done' }],
    ['an unknown stream', { type: 'log', stream: 'stdin', text: '' }],
    ['progress without end', { type: 'progress', text: 'x'.repeat(301) }],
    ['a log line without end', { type: 'log', stream: 'stdout', text: 'x'.repeat(16_385) }],
    ['text that is none', { type: 'progress', text: ['x'] }],
    ['a list', [events[0]]],
  ])('refuses %s', (_what, event) => {
    expect(SandboxEvent.safeParse(event).success).toBe(false);
  });
});

describe('the wire', () => {
  it('has three routes, at a name that no resolver knows', () => {
    expect(Object.values(routes)).toEqual(['/v1/input', '/v1/events', '/v1/result']);
    // RFC 9476 and ICANN: `.internal` is never delegated, so a request that leaks reaches nobody.
    expect(controlAuthority).toMatch(/\.internal$/);
  });
});
