import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { routes } from '../../../src/protocol/wire.ts';
import {
  manifest,
  post,
  request,
  resultOf,
  serve,
  speak,
  write,
} from '../../support/wire/hostile-sandbox.ts';

const mebibyte = 1024 * 1024;
const postEvents = { ':method': 'POST', ':path': routes.events };
const finding = { tool: 't', rule: 'r', severity: 'info', path: 'a', message: 'm' };

function report(findings: unknown[]): object {
  return { report: { findings, tools: [], toolErrors: [] } };
}

/** What becomes of one result body. */
async function refusalOf(body: string | Uint8Array | Readable, limits = {}): Promise<unknown> {
  const { wire, outcome } = serve({}, limits);
  void post(speak(wire), body);
  return outcome.then(
    () => 'accepted',
    (error: unknown) => error,
  );
}

/** A body that goes on until the receiver has had enough; says how much was taken. */
function endless(start: string, filler: string): { body: Readable; taken: () => number } {
  let taken = 0;
  const body = new Readable({
    read() {
      taken += filler.length;
      this.push(filler);
    },
  });
  body.unshift(start);
  return { body, taken: () => taken };
}

describe('a result is malformed', () => {
  test.each<[string, string | Uint8Array]>([
    ['when it is empty', ''],
    ['when its manifest is empty', '\n'],
    ['when its manifest is no object', '[]\n'],
    ['when its manifest is not JSON', '{"protocol":1,}\n'],
    ['when it holds NaN', resultOf({}).replace('"exitCode":0', '"exitCode":NaN')],
    ['when its manifest is no UTF-8', Buffer.from(resultOf({ reportError: '\u00ff' }), 'latin1')],
    ['when it begins with a byte order mark', `\ufeff${resultOf({})}`],
    ['when it is of another protocol', resultOf({ protocol: 1 })],
    ['when it has a field too many', resultOf({ token: 'x' })],
    [
      'when a change has a field too many',
      resultOf({ changes: [{ ...write('a'), mode: 0o4755 }] }),
    ],
    ['when a change is of an unknown kind', resultOf({ changes: [{ kind: 'link', path: 'a' }] })],
    ['when a size is negative', resultOf({ changes: [write('a', -1)] })],
    ['when a size is a fraction', resultOf({ changes: [write('a', 0.5)] })],
    ['when a size is past what a number holds', resultOf({ changes: [write('a', 2 ** 60)] })],
    ['when a size is a string', resultOf({ changes: [{ ...write('a'), bytes: '1' }] })],
    ['when a path is absolute', resultOf({ changes: [write('/etc/passwd')] })],
    ['when a path leads out', resultOf({ changes: [write('a/../../b')] })],
    ['when a path is of git itself', resultOf({ changes: [write('.GIT/hooks/x')] })],
    ['when a deleted path leads out', resultOf({ changes: [{ kind: 'delete', path: '..' }] })],
    ['when a path has a NUL', resultOf({ changes: [write('a\0b')] })],
    ['when a path is half a surrogate', resultOf({ changes: [write('a\ud800')] })],
    ['when a path is written twice', resultOf({ changes: [write('a'), write('a')] })],
    [
      'when a path is written and deleted',
      resultOf({ changes: [write('a'), { kind: 'delete', path: 'a' }] }),
    ],
    [
      'when two paths differ by case',
      resultOf({ changes: [write('Makefile'), write('makefile')] }),
    ],
    [
      'when two paths differ by Unicode form',
      resultOf({ changes: [write('\u00e9'), write('e\u0301')] }),
    ],
    ['when two paths differ by a long s', resultOf({ changes: [write('\u017f'), write('s')] })],
    ['when a file is a folder too', resultOf({ changes: [write('a'), write('A/b')] })],
    ['when it is shorter than declared', resultOf({ changes: [write('a', 10)] }, '123')],
    ['when it is longer than declared', resultOf({ changes: [write('a', 1)] }, '12')],
    ['when bytes follow a manifest without writes', resultOf({}, 'x')],
    ['when a finding leads out', resultOf(report([{ ...finding, path: '../a' }]))],
    [
      'when a finding links elsewhere than https',
      resultOf(report([{ ...finding, helpUrl: 'javascript:1' }])),
    ],
    ['when it is nested a million deep', `${'['.repeat(1e6)}${']'.repeat(1e6)}\n`],
  ])('%s', async (_, body) => {
    expect(await refusalOf(body)).toMatchObject({ code: 'result.malformed' });
  });

  test('and never quotes what the sandbox wrote', async () => {
    const error = await refusalOf('{"a":"\u001b[31mforged\n');
    expect(String(error)).not.toContain('forged');
  });
});

describe('a result with keys of a prototype', () => {
  test.each(['__proto__', 'constructor', 'toString'])('changes nothing by %s', async (key) => {
    const body = resultOf({}).replace('{', `{"${key}":{"polluted":true},`);
    const { wire, outcome } = serve();
    void post(speak(wire), body);
    const result = await outcome.catch(() => undefined);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(result?.manifest ?? manifest)).toEqual(Object.keys(manifest));
    expect(Reflect.get(result?.manifest ?? {}, 'polluted')).toBeUndefined();
  });
});

describe('a result is over its limit', () => {
  test.each<[string, string, object, string]>([
    [
      'resultFiles',
      resultOf({ changes: [write('a'), write('b')] }),
      { resultFiles: 1 },
      'resultFiles',
    ],
    ['findings', resultOf(report([finding, finding])), { findings: 1 }, 'findings'],
    ['resultBytes', resultOf({ changes: [write('a', 4 * mebibyte)] }), {}, 'resultBytes'],
    [
      'resultBytes by a sum',
      resultOf({ changes: [write('a', 3e6), write('b', 3e6)] }),
      {},
      'resultBytes',
    ],
    [
      'manifest bytes',
      resultOf({ reportError: 'x'.repeat(2_000) }),
      { resultBytes: 1_000 },
      'manifest',
    ],
  ])('by name: %s', async (_, body, limits, name) => {
    const error = await refusalOf(body, limits);
    expect(error).toMatchObject({ code: 'result.limit' });
    expect(String(error)).toContain(name);
  });

  // The schema would note a fault for each item: gigabytes, and the control plane stands still meanwhile.
  test.each<[string, object, string]>([
    ['changes', { changes: Array(100_000).fill(0) }, 'limit:result-files'],
    ['findings', report(Array(100_000).fill(0)), 'limit:findings'],
    ['files of a patch', { patch: Array(100_000).fill(0) }, 'limit:result-files'],
    ['hunks', { patch: [0, { hunks: Array(20_001).fill(0) }] }, 'limit:result-size'],
    ['edits', report([0, { fix: { edits: Array(20_001).fill(0) } }]), 'limit:findings'],
  ])('by number before a schema looks at %s', async (_, part, limit) => {
    expect(await refusalOf(resultOf(part))).toMatchObject({ code: 'result.limit', limit });
  });

  test('when a manifest never ends, without being collected', async () => {
    const { body, taken } = endless('{"protocol":1,"x":"', 'x'.repeat(65_536));
    expect(await refusalOf(body, { resultBytes: 64 * mebibyte })).toMatchObject({
      code: 'result.limit',
    });
    expect(taken()).toBeLessThan(16 * mebibyte);
    body.destroy();
  });

  test('when bytes go on after the last file', async () => {
    const { body, taken } = endless(resultOf({ changes: [write('a', 10)] }), 'x'.repeat(65_536));
    expect(await refusalOf(body)).toMatchObject({ code: 'result.malformed' });
    expect(taken()).toBeLessThan(4 * mebibyte);
    body.destroy();
  });

  test('is not reached by a result that is just as large', async () => {
    const body = resultOf({ changes: [write('a', 10)] }, '0123456789');
    const limits = { resultBytes: Buffer.byteLength(body), resultFiles: 1 };
    expect(await refusalOf(body, limits)).toBe('accepted');
  });
});

describe('a result', () => {
  test('is taken once', async () => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    const half = new Readable({ read: () => undefined });
    half.push(resultOf({ changes: [write('a', 10)] }));
    void post(session, half);
    void post(session, resultOf({}));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
    half.destroy();
  });

  test('that is broken off is no result', async () => {
    const { wire, outcome } = serve();
    const half = new Readable({ read: () => undefined });
    half.push(resultOf({ changes: [write('a', 10)] }, '01234'));
    void post(speak(wire), half);
    setImmediate(() => wire.destroy());
    await expect(outcome).rejects.toMatchObject({
      code: expect.stringMatching(/^(wire|result)\./) as string,
    });
    half.destroy();
  });
});

describe('events', () => {
  const event = (text: string): string => `${JSON.stringify({ type: 'progress', text })}\n`;

  test.each<[string, string | Uint8Array, string]>([
    ['no JSON', 'x\n', 'result.malformed'],
    ['an empty line', '\n', 'result.malformed'],
    ['an unknown type', '{"type":"approve"}\n', 'result.malformed'],
    ['a field too many', '{"type":"progress","text":"a","x":1}\n', 'result.malformed'],
    ['a text too long', event('x'.repeat(301)), 'result.malformed'],
    [
      'no UTF-8',
      Buffer.concat([
        Buffer.from('{"type":"progress","text":"'),
        Buffer.from([0xff]),
        Buffer.from('"}\n'),
      ]),
      'result.malformed',
    ],
    ['a line too long', 'x'.repeat(200_000), 'result.limit'],
    ['a line without its end', '{"type":"progress"', 'wire.failed'],
    ['a million of them', event('').repeat(1e6), 'result.limit'],
  ])('end the wire: %s', async (_, body, code) => {
    const { wire, outcome } = serve();
    void request(speak(wire), postEvents, body);
    await expect(outcome).rejects.toMatchObject({ code });
  });

  test('are counted in bytes up to their limit, exactly', async () => {
    const text = event('x') + event('y');
    const { wire, outcome, events } = serve({}, { eventBytes: text.length });
    const session = speak(wire);
    expect(await request(session, postEvents, text)).toBe(204);
    expect(events).toHaveLength(2);
    await post(session, resultOf({}));
    await outcome;
  });

  test('come in one request only', async () => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    await request(session, postEvents, event('x'));
    void request(session, postEvents, event('x'));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('end the wire with the receiver’s own fault', async () => {
    const fault = new Error('the store is gone');
    const { wire, outcome } = serve({ onEvent: () => Promise.reject(fault) });
    void request(speak(wire), postEvents, event('x'));
    await expect(outcome).rejects.toBe(fault);
  });

  test('with headers past 16 KiB are not even looked at', async () => {
    const { wire, outcome, events } = serve();
    const session = speak(wire);
    const headers = { ...postEvents, 'x-large': 'x'.repeat(40_000) };
    expect(await request(session, headers, event('x'))).not.toBe(204);
    expect(events).toEqual([]);
    wire.destroy();
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });
});
