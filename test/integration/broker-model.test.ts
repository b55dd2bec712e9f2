import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/broker/broker-scene.ts';
import { anthropicEvents, hello, ModelUpstream, realKey } from '../support/broker/model-scene.ts';
import { recordsOf } from '../support/broker/upstream.ts';

const upstream = new ModelUpstream();

describe('a model route', () => {
  test('puts the operator’s key in place of whatever came, and keeps it from the sandbox', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'application/json').setHeader('set-cookie', 'a=b');
      response.end(JSON.stringify({ usage: { input_tokens: 1, output_tokens: 1 } }));
    };
    const headers = {
      cookie: 'a=b',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'interleaved-thinking-2025-05-14, mcp-client-2025-04-04',
      'openai-organization': 'org-theirs',
    };
    const answer = await upstream.ask('anthropic', hello, { headers });
    expect(answer.status).toBe(200);
    expect(upstream.calls[0]?.headers).toEqual({
      'x-api-key': realKey,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'interleaved-thinking-2025-05-14',
      'content-type': 'application/json',
      'content-length': expect.any(String) as string,
      'accept-encoding': 'identity',
      host: expect.stringContaining('upstream.example') as string,
      connection: 'close',
    });
    await opened.broker.idle();
    expect(JSON.stringify([answer, opened.records])).not.toContain(realKey);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  test('takes the run’s key as a bearer too', async () => {
    const opened = upstream.open({}, { modelKey: 'the-word' });
    upstream.stream(...anthropicEvents(1, 1));
    const headers = { 'x-api-key': 'the-word', authorization: 'bearer the-word' };
    expect((await upstream.ask('anthropic', hello, { headers })).status).toBe(200);
    expect(JSON.stringify(upstream.calls)).not.toContain('the-word');
    expect(opened.models.used().requests).toBe(1);
  });

  test('gives OpenAI its key as a bearer', async () => {
    upstream.open();
    upstream.stream({ type: 'response.completed', response: { usage: {} } });
    await upstream.ask('responses', { model: 'm-1', input: 'hello', stream: true });
    expect(upstream.calls[0]?.headers.authorization).toBe(`Bearer ${realKey}`);
    expect(upstream.calls[0]?.headers).not.toHaveProperty('x-api-key');
    expect(upstream.calls[0]?.body).toMatchObject({ store: false });
  });

  test('passes the first event on before the last is written', async () => {
    const opened = upstream.open();
    const held = Promise.withResolvers<ServerResponse>();
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'text/event-stream').write('data: {"first":1}\n\n');
      held.resolve(response);
    };
    const stream = opened.session.request({
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': 'anthropic.model.sallyport.internal',
      ':path': '/v1/messages',
      'content-type': 'application/json',
      'x-api-key': 'placeholder',
    });
    stream.end(JSON.stringify({ ...hello, stream: true }));
    const answered = answerOf(stream);
    const [first] = (await once(stream, 'data')) as [string];
    expect(first).toBe('data: {"first":1}\n\n');
    (await held.promise).end('data: {"last":1}\n\n');
    expect((await answered).body).toBe('data: {"first":1}\n\ndata: {"last":1}\n\n');
  });

  test.each<[string, 'anthropic' | 'responses' | 'chat', object, readonly object[], object]>([
    [
      'Anthropic, with caches',
      'anthropic',
      { ...hello, stream: true },
      [
        {
          type: 'message_start',
          message: {
            usage: {
              input_tokens: 100,
              cache_read_input_tokens: 1000,
              cache_creation_input_tokens: 500,
              cache_creation: { ephemeral_1h_input_tokens: 200 },
              output_tokens: 1,
            },
          },
        },
        { type: 'message_delta', usage: { output_tokens: 50 } },
      ],
      // 100·3 + 50·15 + 1000·0.3 + 300·3.75 + 200·6, in millionths of a dollar
      { input: 100, output: 50, cacheRead: 1000, cacheWrite: 300, costMicroUsd: 3675 },
    ],
    [
      'OpenAI Responses',
      'responses',
      { model: 'm-1', input: 'hello', stream: true },
      [
        { type: 'response.output_text.delta', delta: 'hello' },
        {
          type: 'response.completed',
          response: {
            usage: {
              input_tokens: 300,
              input_tokens_details: { cached_tokens: 100 },
              output_tokens: 20,
            },
          },
        },
      ],
      { input: 200, output: 20, cacheRead: 100, costMicroUsd: 930 },
    ],
    [
      'OpenAI Chat',
      'chat',
      { model: 'm-1', messages: [], stream: true },
      [
        { choices: [{ delta: { content: 'hello' } }] },
        { choices: [], usage: { prompt_tokens: 10, completion_tokens: 4 } },
      ],
      { input: 10, output: 4, costMicroUsd: 90 },
    ],
  ])('charges a stream as its provider counts: %s', async (_, id, body, events, usage) => {
    const opened = upstream.open();
    upstream.stream(...events);
    expect((await upstream.ask(id, body)).status).toBe(200);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({
      ending: 'complete',
      model: { model: 'm-1', isEstimate: false, ...usage },
    });
    expect(opened.models.used().costMicroUsd).toBe(
      (usage as { costMicroUsd: number }).costMicroUsd,
    );
  });

  test('charges an answer that comes as a whole', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"usage":{"input_tokens":100,"output_tokens":10}}');
    };
    await upstream.ask('anthropic', hello);
    await opened.broker.idle();
    expect(opened.models.used()).toEqual({ tokens: 110, costMicroUsd: 450, requests: 1 });
  });

  test('asks a Chat stream for its usage, whatever the agent said', async () => {
    upstream.open();
    upstream.stream();
    const body = { model: 'm-1', messages: [], stream: true };
    await upstream.ask('chat', { ...body, stream_options: { include_usage: false } });
    expect(upstream.calls[0]?.body['stream_options']).toEqual({ include_usage: true });
  });

  test('sends on the model that it checked when the body names two', async () => {
    const opened = upstream.open();
    upstream.stream(...anthropicEvents(1, 1));
    await upstream.ask('anthropic', '{"model":"dear","model":"m-1","messages":[]}');
    expect(upstream.calls[0]?.body).toEqual({ model: 'm-1', messages: [] });
    await upstream.ask('anthropic', '{"model":"m-1","model":"dear","messages":[]}');
    expect(upstream.calls).toHaveLength(1);
    expect((await recordsOf(opened)).at(-1)).toBe('model-not-allowed');
  });

  test('does not charge the counting of tokens, or an error', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => response.end('{"input_tokens":5}');
    const path = '/v1/messages/count_tokens?beta=true';
    await upstream.ask('anthropic', { ...hello }, { path });
    expect(upstream.calls[0]?.url).toBe(path);
    upstream.answer = (_, response) => response.writeHead(529).end('{"error":{}}');
    expect((await upstream.ask('anthropic', hello)).status).toBe(529);
    await opened.broker.idle();
    expect(opened.models.used()).toEqual({ tokens: 0, costMicroUsd: 0, requests: 2 });
  });
});

describe('a model route denies', () => {
  test.each<[string, object, string]>([
    ['another method', { ':method': 'GET' }, 'no-rule-for-method'],
    ['another path', { ':path': '/v1/files' }, 'no-rule-for-path'],
    ['a path below', { ':path': '/v1/messages/batches' }, 'no-rule-for-path'],
    ['another port', { ':authority': 'anthropic.model.sallyport.internal:8080' }, 'no-route'],
    ['a body that is no JSON', { 'content-type': 'text/plain' }, 'model-malformed'],
    ['a compressed body', { 'content-encoding': 'gzip' }, 'model-malformed'],
  ])('%s', async (_, headers, reason) => {
    const opened = upstream.open();
    expect((await upstream.ask('anthropic', hello, { headers })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual([reason]);
    expect(upstream.calls).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['of somebody else', { 'x-api-key': 'sk-theirs' }],
    ['of somebody else beside the run’s', { authorization: 'Bearer sk-theirs' }],
    ['that the run’s begins', { 'x-api-key': 'placeholder2' }],
    ['that is none', { 'x-api-key': '' }],
    ['that is none, as a bearer', { 'x-api-key': '', authorization: 'Bearer ' }],
  ])('a key %s', async (_, headers) => {
    const opened = upstream.open();
    expect((await upstream.ask('anthropic', hello, { headers })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['model-key']);
    expect(upstream.calls).toEqual([]);
  });

  test('for good, so that no agent asks again', async () => {
    upstream.open();
    const answer = await upstream.ask('anthropic', { ...hello, mcp_servers: [{}] });
    expect(answer.headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(JSON.parse(answer.body)).toMatchObject({
      type: 'error',
      error: { reason: 'model-field:mcp_servers', message: expect.any(String) as string },
    });
  });

  test('a query that could hold a key, by leaving it out', async () => {
    upstream.open();
    upstream.stream(...anthropicEvents(1, 1));
    await upstream.ask('anthropic', hello, { path: '/v1/messages?key=theirs&api_key=theirs' });
    expect(upstream.calls[0]?.url).toBe('/v1/messages');
  });

  test('a model without a price, unless the route says otherwise', async () => {
    const opened = upstream.open();
    expect((await upstream.ask('anthropic', { ...hello, model: 'm-2' })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['model-unpriced']);
    opened.close();
    const lenient = upstream.open({ unpriced: 'allow' });
    upstream.stream(...anthropicEvents(7, 5));
    expect((await upstream.ask('anthropic', { ...hello, model: 'm-2' })).status).toBe(200);
    await lenient.broker.idle();
    expect(lenient.models.used()).toMatchObject({ tokens: 12, costMicroUsd: 0 });
  });

  test.each([
    ['is not there', new Map(), 403, 'credential-missing'],
    [
      'cannot be had',
      new Map([['key', () => Promise.reject(new Error(realKey))]]),
      503,
      'credential-failed',
    ],
    [
      'would end a header',
      new Map([['key', () => `${realKey}\r\nx: y`]]),
      403,
      'credential-missing',
    ],
    [
      'is too short to be hidden',
      new Map([['key', () => realKey.slice(0, 7)]]),
      403,
      'credential-missing',
    ],
  ])('everything when its key %s', async (_, credentials, status, reason) => {
    const opened = upstream.open({}, { credentials });
    const answer = await upstream.ask('anthropic', hello);
    expect(answer.status).toBe(status);
    expect(answer.headers['x-should-retry']).toBe(status === 403 ? 'false' : undefined);
    expect(await recordsOf(opened)).toEqual([reason]);
    expect(JSON.stringify([answer, opened.records])).not.toContain(realKey);
  });

  test('to carry a key in the clear to where everybody is', async () => {
    const opened = upstream.open(
      { upstream: 'http://upstream.example' },
      { names: { 'upstream.example': [['8.8.8.8']] } },
    );
    expect((await upstream.ask('anthropic', hello)).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['address-needs-tls']);
    expect(opened.dialer.dialled).toEqual([]);
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['a redirect', (r) => void r.writeHead(307, { location: '/x' }).end(), 'answer-redirect'],
    [
      'a compressed answer',
      (r) => void r.setHeader('content-encoding', 'gzip').end(),
      'answer-encoding',
    ],
  ])('to pass on %s', async (_, answer, ending) => {
    const opened = upstream.open();
    upstream.answer = (_call, response) => answer(response);
    expect((await upstream.ask('anthropic', hello)).status).not.toBe(200);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending });
  });
});
