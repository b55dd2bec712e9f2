import { describe, expect, test } from 'vitest';
import { SandboxEvent } from '../../../../src/protocol/event.ts';
import { type ExecEntry, maxArgvBytes, maxRecords } from '../../../../src/protocol/exec-record.ts';
import { ExecBatches } from '../../../../workers/supervisor/exec-record/exec-batches.ts';

type Exec = Extract<ExecEntry, { kind: 'exec' }>;

const exec = (argv: string[] = ['a'], path = '/bin/a'): Exec => ({
  kind: 'exec',
  pid: 11,
  parent: 10,
  atMs: 1,
  path,
  argv,
  truncated: false,
});

function sent(entries: readonly ExecEntry[]): { events: SandboxEvent[]; dropped: number } {
  const events: SandboxEvent[] = [];
  // What the control plane's own schema refuses must not be sent.
  const batches = new ExecBatches((event) => void events.push(SandboxEvent.parse(event)));
  for (const entry of entries) batches.add(entry);
  batches.flush();
  return { events, dropped: batches.dropped };
}

const first = (entry: Exec): Exec => {
  const event = sent([entry]).events[0];
  const told = event?.type === 'exec' ? event.batch[0] : undefined;
  if (told?.kind !== 'exec') throw new Error('not told');
  return told;
};

describe('batches of the record', () => {
  test('hold at most 100 entries, in order', () => {
    const entries = Array.from({ length: 250 }, (_, index) => ({ ...exec(), pid: index + 1 }));
    const { events } = sent(entries);
    expect(events.map((event) => (event.type === 'exec' ? event.batch.length : 0))).toEqual([
      100, 100, 50,
    ]);
    expect(events.flatMap((event) => (event.type === 'exec' ? event.batch : []))).toEqual(entries);
  });

  test('fit the line that the control plane takes', () => {
    const { events } = sent(Array.from({ length: 100 }, () => exec(['\u0001'.repeat(4_000)])));
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(128 * 1024);
  });

  test.each<[string, Exec]>([
    ['one long argument', exec(['x'.repeat(10_000)])],
    ['a long path', exec(['a'], `/${'x'.repeat(10_000)}`)],
    ['many arguments', exec(Array.from({ length: 600 }, () => 'xxxxxxxxxxxx'))],
    ['many empty arguments', exec(Array.from({ length: 5_000 }, () => ''))],
    ['a character at the cut', exec([`${'x'.repeat(4_000)}${'€'.repeat(100)}`])],
  ])('cut %s and say so', (_, entry) => {
    const told = first(entry);
    expect(told.truncated).toBe(true);
    expect(Buffer.byteLength([told.path, ...told.argv].join(''))).toBeLessThanOrEqual(maxArgvBytes);
    expect(told.argv.join('')).not.toContain('\uFFFD');
  });

  test('leave alone what fits', () => {
    const entry = exec(['sh', '-c', 'x'.repeat(4_000)], '/bin/sh');
    expect(first(entry)).toEqual(entry);
  });

  test('end at the ceiling of programs, say so once and count the rest', () => {
    const { events, dropped } = sent(Array.from({ length: maxRecords + 7 }, () => exec()));
    expect(events.at(-1)).toEqual({ type: 'exec-capped', entries: maxRecords });
    expect(events.filter((event) => event.type === 'exec-capped')).toHaveLength(1);
    expect(dropped).toBe(7);
  });

  test('end at the ceiling of bytes', () => {
    const { events, dropped } = sent(
      Array.from({ length: 1_000 }, () => exec(['x'.repeat(4_000)])),
    );
    const bytes = events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    expect(bytes).toBeLessThan(1.1 * 1024 * 1024);
    expect(dropped).toBeGreaterThan(700);
  });
});
