import { expect, test } from 'vitest';
import { whyUnsigned } from '../support/broker/aws-signature.ts';
import { anthropicEvents, eventsOf, hello, ModelUpstream } from '../support/broker/model-scene.ts';
import { recordsOf } from '../support/broker/upstream.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new ModelUpstream();
const credential = {
  name: 'aws',
  header: 'authorization-sigv4',
  region: 'us-east-1',
  service: 'bedrock-mantle',
};
/** Secrets by the ids of their keys. */
type Keys = Readonly<Record<string, string>>;

const path = '/v1/messages?beta=true';
const secrets = {
  AKIAAAAAAAAAAAAAAAAA: 'first-secret-of-40',
  AKIABBBBBBBBBBBBBBBB: 'next-secret-of-40',
};

const keyOf = (id: keyof typeof secrets): string =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secrets[id],
    SessionToken: `token-of-${id}`,
  });

/** A route whose upstream takes what is signed right by a key that is valid now, and says why not. */
function open(key: () => string, { clock = new FakeClock(), valid = (): Keys => secrets } = {}) {
  const opened = upstream.open(
    { credential, prefix: '/anthropic', retry: { attempts: 2, maxWaitMs: 60_000 } },
    { credentials: new Map([['aws', key]]), clock },
  );
  upstream.answer = ({ method, url, headers, raw }, response) => {
    const why = whyUnsigned(
      { method, url, headers, body: raw },
      { secrets: valid(), scope: 'us-east-1/bedrock-mantle', nowMs: clock.nowMs() },
    );
    if (why === undefined)
      response
        .setHeader('content-type', 'text/event-stream')
        .end(eventsOf(...anthropicEvents(3, 4)));
    else
      response.writeHead(403, { 'content-type': 'application/json' }).end(`{"message":"${why}"}`);
  };
  return opened;
}

test('a request is signed as it is sent, and by nothing that the sandbox said', async () => {
  const opened = open(() => keyOf('AKIAAAAAAAAAAAAAAAAA'));
  const headers = {
    'x-amz-date': '20200101T000000Z',
    'x-amz-security-token': 'stolen',
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'user-agent': 'agent/1',
  };
  const answer = await upstream.ask('anthropic', { ...hello, stream: true }, { path, headers });
  expect([answer.status, answer.body]).toEqual([200, eventsOf(...anthropicEvents(3, 4))]);
  const [call] = upstream.calls;
  expect(call?.headers['x-amz-security-token']).toBe('token-of-AKIAAAAAAAAAAAAAAAAA');
  expect(call?.headers).not.toHaveProperty('x-api-key');
  expect(call?.headers.authorization).not.toContain('user-agent');
  expect(opened.models.used().tokens).toBe(7);
  expect(JSON.stringify([opened.records, answer])).not.toContain('first-secret');
});

test('a signature by another key is refused by the upstream, whose word the agent gets', async () => {
  const valid = () => ({ AKIAAAAAAAAAAAAAAAAA: 'quite-another-secret' });
  open(() => keyOf('AKIAAAAAAAAAAAAAAAAA'), { valid });
  const answer = await upstream.ask('anthropic', hello, { path });
  expect([answer.status, answer.body]).toEqual([403, '{"message":"wrong"}']);
  expect(answer.headers).toMatchObject({ 'x-should-retry': 'false' });
});

test('a key that is changed signs the next request', async () => {
  let id: keyof typeof secrets = 'AKIAAAAAAAAAAAAAAAAA';
  open(() => keyOf(id), { valid: () => ({ [id]: secrets[id] }) });
  expect((await upstream.ask('anthropic', hello, { path })).status).toBe(200);
  id = 'AKIABBBBBBBBBBBBBBBB';
  expect((await upstream.ask('anthropic', hello, { path })).status).toBe(200);
  expect(upstream.calls[1]?.headers.authorization).toContain('Credential=AKIABBBBBBBBBBBBBBBB/');
});

test('a second try is signed anew, with the time and the key of then', async () => {
  const clock = new FakeClock();
  let id: keyof typeof secrets = 'AKIAAAAAAAAAAAAAAAAA';
  open(() => keyOf(id), { clock });
  const takes = upstream.answer;
  upstream.answer = (call, response) => {
    if (upstream.calls.length > 1) return takes(call, response);
    id = 'AKIABBBBBBBBBBBBBBBB';
    return void response.writeHead(503, { 'retry-after': '20' }).end();
  };
  const asked = upstream.ask('anthropic', hello, { path });
  await waitFor('the first call', () => upstream.calls[0]);
  // Beside it only what watches for silence waits.
  await waitFor('the wait', () => (clock.waiting >= 2 ? true : undefined));
  await clock.advance(20_001);
  expect((await asked).status).toBe(200);
  const [first, second] = upstream.calls.map(({ headers }) => headers);
  expect(second?.['x-amz-date']).not.toBe(first?.['x-amz-date']);
  expect(second?.authorization).toContain('Credential=AKIABBBBBBBBBBBBBBBB/');
});

test.each([
  ['no key of AWS', 'sk-ant-1'],
  ['half of one', '{"AccessKeyId":"AKIAAAAAAAAAAAAAAAAA"}'],
])('a secret that is %s lets nothing out', async (_, secret) => {
  const opened = open(() => secret);
  expect((await upstream.ask('anthropic', hello, { path })).status).toBe(403);
  expect(upstream.calls).toEqual([]);
  expect(await recordsOf(opened)).toEqual(['credential-missing']);
});
