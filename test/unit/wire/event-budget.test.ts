import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { routes } from '../../../src/protocol/wire.ts';
import { post, request, resultOf, serve, speak } from '../../support/wire/hostile-sandbox.ts';

const postEvents = { ':method': 'POST', ':path': routes.events };
const event = (text: string): string => `${JSON.stringify({ type: 'progress', text })}\n`;

describe('events', () => {
  const told = (type: string, rest: object): string => `${JSON.stringify({ type, ...rest })}\n`;
  const capped = told('exec-capped', { entries: 0 });
  const ended = told('exec-end', { execs: 1, processes: 1, dropped: 0 });
  const exit = { kind: 'exit', pid: 1, atMs: 0, code: 0, signal: null };
  const batch = told('exec', { batch: [exit] });

  test('of the supervisor are not the agent’s output', async () => {
    const { wire, outcome } = serve({}, { eventBytes: 1 });
    const session = speak(wire);
    const text = told('phase', { phase: 'running' }) + batch.repeat(100) + capped + ended;
    expect(await request(session, postEvents, text)).toBe(204);
    await post(session, resultOf({}));
    await outcome;
  });

  test('may say after the end of a record that it is none', async () => {
    const { wire, outcome, events } = serve();
    const session = speak(wire);
    expect(await request(session, postEvents, ended + told('no-exec-record', {}))).toBe(204);
    expect(events.map(({ type }) => type)).toEqual(['exec-end', 'no-exec-record']);
    await post(session, resultOf({}));
    await outcome;
  });

  test.each([
    ['more than there can be', batch.repeat(40_000)],
    ['a second cap', capped + capped],
    ['a second end', ended + ended],
    ['a record that goes on after its end', ended + batch],
  ])('of the supervisor end the wire: %s', async (_, text) => {
    const { wire, outcome } = serve({}, { wallClockMs: 1_000 });
    void request(speak(wire), postEvents, text);
    await expect(outcome).rejects.toMatchObject({ code: 'result.malformed' });
  });

  test('have to end before the result', async () => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    const open = new Readable({ read: () => undefined });
    open.push(event('x'));
    void request(session, postEvents, open);
    void post(session, resultOf({}));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
    open.destroy();
  });

  test('after the result are heard by nobody', async () => {
    const { wire, outcome, events } = serve();
    const session = speak(wire);
    void post(session, resultOf({}));
    void request(session, postEvents, event('x'));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
    expect(events).toEqual([]);
  });
});
