import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SandboxEvent } from '../../../src/protocol/event.ts';
import { LogLines } from '../../../workers/supervisor/log-lines.ts';

function eventsOf(chunks: readonly (string | Buffer)[]): SandboxEvent[] {
  const events: SandboxEvent[] = [];
  const lines = new LogLines((event) => void events.push(event));
  for (const chunk of chunks) lines.take('stdout', Buffer.from(chunk as string));
  lines.end();
  return events;
}

const tool = { kind: 'tool', name: 'Bash', detail: 'npm test' } as const;
const log = (text: string): SandboxEvent => ({ type: 'log', stream: 'stdout', text });

/** Lines with a mark, and JSON behind it that is nearly what it should be. */
const marked = fc
  .record(
    {
      kind: fc.constantFrom('tool', 'tokens', 'cost', 'provider-error', 'end'),
      name: fc.string({ unit: 'binary' }),
      detail: fc.oneof(fc.string({ maxLength: 400 }), fc.integer()),
      status: fc.oneof(fc.integer(), fc.constant(null)),
      text: fc.string({ unit: 'binary', maxLength: 400 }),
      costMicroUsd: fc.double(),
    },
    { requiredKeys: ['kind'] },
  )
  .map((event) => Buffer.from(`\n::event ${JSON.stringify(event)}\n`));

describe('what an agent prints', () => {
  test.each<[string, (string | Buffer)[], SandboxEvent[]]>([
    ['becomes an event a line', ['a\nb\n'], [log('a'), log('b')]],
    ['keeps empty lines', ['a\n\nb'], [log('a'), log(''), log('b')]],
    ['is put together from pieces', ['a', 'b', '\nc'], [log('ab'), log('c')]],
    ['keeps characters that pieces cut', [Buffer.from([0xc3]), Buffer.from([0xa9])], [log('é')]],
    ['is progress when marked', ['::progress half\n'], [{ type: 'progress', text: 'half' }]],
    ['is no progress when the mark is within', ['x ::progress half\n'], [log('x ::progress half')]],
    [
      'is word of its work when marked so',
      [`::event ${JSON.stringify(tool)}\n`],
      [{ type: 'agent', event: tool }],
    ],
    ['is text when what is marked is no JSON', ['::event {\n'], [log('::event {')]],
    [
      'is text when what is marked is no such word',
      ['::event {"kind":"exec","pid":1}\n', `::event ${JSON.stringify({ ...tool, more: 1 })}\n`],
      [
        log('::event {"kind":"exec","pid":1}'),
        log(`::event ${JSON.stringify({ ...tool, more: 1 })}`),
      ],
    ],
    ['is nothing when there is nothing', [], []],
  ])('%s', (_, chunks, expected) => {
    expect(eventsOf(chunks)).toEqual(expected);
  });

  test('is no word in the middle of a line, however that is cut', () => {
    const forged = `::event ${JSON.stringify({ kind: 'end', how: 'done', text: 'forged' })}`;
    const half = 'x'.repeat(16_384);
    const whole = [log(half), log(forged)];
    expect(eventsOf([half, `${forged}\n`])).toEqual(whole);
    expect(eventsOf([`${half}${forged}`, '\n'])).toEqual(whole);
    expect(eventsOf([half, half, forged])).toEqual([log(half), ...whole]);
    const real = { type: 'agent', event: tool } as const;
    const next = eventsOf([half, '\n', `::event ${JSON.stringify(tool)}\n`]);
    expect(next).toEqual([log(half), log(''), real]);
  });

  test('is progress only on stdout', () => {
    const events: SandboxEvent[] = [];
    const lines = new LogLines((event) => void events.push(event));
    lines.take('stderr', Buffer.from('::progress x\n'));
    expect(events).toEqual([{ type: 'log', stream: 'stderr', text: '::progress x' }]);
  });

  test('is word of its work only on stdout', () => {
    const events: SandboxEvent[] = [];
    const lines = new LogLines((event) => void events.push(event));
    const line = `::event ${JSON.stringify(tool)}`;
    lines.take('stderr', Buffer.from(`${line}\n`));
    expect(events).toEqual([{ type: 'log', stream: 'stderr', text: line }]);
  });

  test('has its last word behind any flood of text, and its text behind any flood of words', () => {
    const end = { kind: 'end', how: 'done', text: '' } as const;
    const flood = Array.from({ length: 40 }, () => `${'x'.repeat(65_536)}\n`);
    const last = eventsOf([...flood, `::event ${JSON.stringify(end)}\n`]).at(-1);
    expect(last).toEqual({ type: 'agent', event: end });
    const words = Array.from({ length: 10_000 }, () => `::event ${JSON.stringify(tool)}\n`);
    const events = eventsOf([...words, 'text\n']);
    const said = events.filter(({ type }) => type === 'agent');
    expect(Buffer.byteLength(JSON.stringify(said))).toBeLessThan(512 * 1024 + 1_000);
    expect(said.length).toBeGreaterThan(1_000);
    expect(events.at(-1)).toEqual(log('text'));
  });

  test('has its last word behind a flood of both, and no flood of last words', () => {
    const end = { kind: 'end', how: 'refused', text: '' } as const;
    const text = Array.from({ length: 40 }, () => `${'x'.repeat(65_536)}\n`);
    const words = Array.from({ length: 10_000 }, () => `::event ${JSON.stringify(tool)}\n`);
    const ends = Array.from({ length: 10_000 }, () => `::event ${JSON.stringify(end)}\n`);
    const last = eventsOf([...text, ...words, `::event ${JSON.stringify(end)}\n`]).at(-1);
    expect(last).toEqual({ type: 'agent', event: end });
    const many = eventsOf(ends);
    expect(many.length).toBeGreaterThan(100);
    expect(Buffer.byteLength(JSON.stringify(many))).toBeLessThan(16 * 1024 + 10);
  });

  test('is cut at the total, and says so once', () => {
    const events = eventsOf(Array.from({ length: 40 }, () => `${'x'.repeat(65_536)}\n`));
    const bytes = Buffer.byteLength(events.map((event) => JSON.stringify(event)).join('\n'));
    expect(bytes).toBeLessThan(1024 * 1024 + 1_000);
    const notes = events.filter((event) => event.type === 'log' && event.text.includes('dropped'));
    expect(notes).toHaveLength(1);
  });

  test('always fits the protocol', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 40_000 }), marked), { maxLength: 4 }),
        (chunks) => {
          for (const event of eventsOf(chunks.map((chunk) => Buffer.from(chunk))))
            expect(SandboxEvent.safeParse(JSON.parse(JSON.stringify(event))).success).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
