import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SallyportError } from '../../../src/errors.ts';
import { deliveryId, pullRequestPayload } from '../webhooks/payloads.ts';
import { deliveryHeaders, type Harness, post, sign, startHarness } from './harness.ts';

let harness: Harness;
const body = JSON.stringify(pullRequestPayload());

beforeEach(async () => {
  harness = await startHarness();
});
afterEach(async () => {
  await harness.server.close();
});

/** Replaces the server by one whose queue does this. */
async function restart(enqueue: () => Promise<void>): Promise<void> {
  await harness.server.close();
  harness = await startHarness({ enqueue });
}

describe('a delivery', () => {
  it('with a right signature is enqueued before it is answered', async () => {
    await expect(post(harness, body)).resolves.toEqual({ status: 200, answer: { message: 'ok' } });
    expect(harness.triggers).toMatchObject([{ deliveryId, type: 'pull-request', number: 9 }]);
  });

  it('keeps text outside ASCII as it was signed', async () => {
    const wide = JSON.stringify(pullRequestPayload({ title: '\u{1F510} ü \u202e' }));
    await expect(post(harness, wide)).resolves.toMatchObject({ status: 200 });
  });

  it('that comes again is handed over again: the queue knows its id', async () => {
    await post(harness, body);
    await expect(post(harness, body)).resolves.toMatchObject({ status: 200 });
    expect(harness.triggers.map((trigger) => trigger.deliveryId)).toEqual([deliveryId, deliveryId]);
  });

  it.each(['push', 'a_new_event', 'constructor', 'ping', 'error'])(
    'of the event %s, which nobody handles, is answered with 200',
    async (event) => {
      const headers = deliveryHeaders(body, { 'x-github-event': event });
      await expect(post(harness, body, headers)).resolves.toMatchObject({ status: 200 });
      expect(harness.triggers).toEqual([]);
    },
  );

  it('that does not fit its event is answered with 200: again would be no better', async () => {
    const bad = JSON.stringify(pullRequestPayload({ number: 'nine' }));
    await expect(post(harness, bad)).resolves.toMatchObject({ status: 200 });
    expect(harness.triggers).toEqual([]);
    expect(harness.lines).toMatchObject([{ level: 'warn', message: 'delivery refused' }]);
  });

  it('that the queue cannot take is answered with 503, without details, and logged by its code', async () => {
    await restart(() =>
      Promise.reject(new SallyportError('queue.unavailable', 'redis://:password@host is down')),
    );
    const result = await post(harness, body);
    expect(result.status).toBe(503);
    expect(JSON.stringify([result.answer, harness.lines])).not.toContain('password');
    expect(harness.lines).toMatchObject([
      {
        level: 'error',
        fields: { deliveryId, event: 'pull_request', codes: ['queue.unavailable'] },
      },
    ]);
  });

  it('that the queue takes too long for is answered with 503 before GitHub gives up', async () => {
    const started = Promise.withResolvers<void>();
    await restart(() => {
      started.resolve();
      return new Promise(() => undefined);
    });
    const posting = post(harness, body);
    await started.promise;
    await harness.clock.advance(8_000);
    await expect(posting).resolves.toMatchObject({ status: 503 });
  });
});

describe('a forged delivery', () => {
  const bytes = Buffer.from(body);
  const flipped = Buffer.from(bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)));
  const signature = sign(body);
  const rows: [string, Buffer, string | undefined][] = [
    ['no signature', bytes, undefined],
    ['an empty signature', bytes, ''],
    ['a signature by another secret', bytes, sign(body, 'another-secret-00000000000000000')],
    ['a signature by Probot’s default secret', bytes, sign(body, 'development')],
    ['the old SHA-1 prefix', bytes, signature.replace('sha256', 'sha1')],
    ['a signature cut short', bytes, signature.slice(0, -1)],
    ['a signature that goes on', bytes, `${signature}0`],
    ['a signature in upper case', bytes, signature.toUpperCase()],
    ['two signatures', bytes, `${signature}, ${signature}`],
    ['one bit flipped', flipped, signature],
    ['a byte added', Buffer.concat([bytes, Buffer.from(' ')]), signature],
    ['a byte taken away', bytes.subarray(0, -1), signature],
    ['a byte order mark before it', Buffer.concat([Buffer.from('\ufeff'), bytes]), signature],
    ['nothing in it', Buffer.alloc(0), signature],
  ];

  it.each(rows)('with %s is refused and nothing is enqueued', async (_what, sent, header) => {
    const headers = deliveryHeaders(body, { 'x-hub-signature-256': header });
    await expect(post(harness, sent, headers)).resolves.toMatchObject({ status: 401 });
    expect(harness.triggers).toEqual([]);
  });

  it('that is not UTF-8 is not mistaken for what its replacement characters were signed as', async () => {
    const invalid = Buffer.concat([bytes.subarray(0, -1), Buffer.from([0xff, 0x7d])]);
    const headers = deliveryHeaders(new TextDecoder().decode(invalid));
    await expect(post(harness, invalid, headers)).resolves.toMatchObject({ status: 401 });
    expect(harness.triggers).toEqual([]);
  });

  it('leaves one line in the log without anything it said', async () => {
    const headers = deliveryHeaders('other');
    await post(harness, body, headers);
    expect(harness.lines).toEqual([
      { level: 'warn', fields: { deliveryId }, message: 'delivery with a wrong signature' },
    ]);
  });
});

describe('a malformed delivery', () => {
  const rows: [string, Record<string, string | undefined>, number][] = [
    ['no content type', { 'content-type': '' }, 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a type that begins alike', { 'content-type': 'application/jsonp' }, 415],
    ['no delivery id', { 'x-github-delivery': undefined }, 400],
    ['an id with a colon', { 'x-github-delivery': 'bull:1' }, 400],
    ['an id of 81 characters', { 'x-github-delivery': 'a'.repeat(81) }, 400],
    ['no event', { 'x-github-event': undefined }, 400],
    ['an event named like a prototype', { 'x-github-event': '__proto__' }, 400],
    ['an event with an action', { 'x-github-event': 'pull_request.opened' }, 400],
    ['the event of every event', { 'x-github-event': '*' }, 400],
  ];

  it.each(rows)('with %s is refused', async (_what, overrides, status) => {
    const headers = deliveryHeaders(body, overrides);
    await expect(post(harness, body, headers)).resolves.toMatchObject({ status });
    expect(harness.triggers).toEqual([]);
  });

  it.each(['{', 'nope', '"text"', 'null', '[]', '1', ' '])(
    'whose signed body is %j is refused with 400',
    async (bad) => {
      await expect(post(harness, bad)).resolves.toMatchObject({ status: 400 });
    },
  );

  it('with a character set is taken', async () => {
    const headers = deliveryHeaders(body, { 'content-type': 'application/json; charset=utf-8' });
    await expect(post(harness, body, headers)).resolves.toMatchObject({ status: 200 });
  });
});
