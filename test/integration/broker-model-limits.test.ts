import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { ask } from '../support/broker/broker-scene.ts';
import { anthropicEvents, eventsOf, hello, ModelUpstream } from '../support/broker/model-scene.ts';
import { recordsOf } from '../support/broker/upstream.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new ModelUpstream();

describe('the ceiling of a model route', () => {
  test('ends a stream in the middle, before its provider has counted', async () => {
    const opened = upstream.open({ limits: { tokens: 500, costMicroUsd: 1_000_000 } });
    let closed = false;
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'text/event-stream');
      const text = 'x'.repeat(300);
      const piece = eventsOf({ type: 'content_block_delta', delta: { text } });
      const timer = setInterval(() => response.write(piece), 1);
      response.on('close', () => {
        closed = true;
        clearInterval(timer);
      });
    };
    const { rstCode } = await upstream.ask('anthropic', { ...hello, stream: true });
    expect(rstCode).not.toBe(0);
    expect([opened.models.reached(), opened.reached]).toEqual(['limit:model-tokens', []]);
    await waitFor('the upstream to be hung up on', () => closed || undefined);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({
      ending: 'limit:model-tokens',
      model: { isEstimate: true },
    });
    const next = await upstream.ask('chat', { model: 'm-1', messages: [] });
    expect(next).toMatchObject({
      status: 429,
      headers: { 'sallyport-limit': 'limit:model-tokens', 'x-should-retry': 'false' },
    });
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({
      type: 'egress.denied',
      reason: 'limit:model-tokens',
    });
  });

  test('leaves the answer that reaches it at its end whole, and lets no other follow', async () => {
    const opened = upstream.open({ limits: { tokens: 1_000, costMicroUsd: 1_000_000 } });
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"usage":{"input_tokens":2000,"output_tokens":10}}');
    };
    const answer = await upstream.ask('anthropic', hello);
    expect([answer.status, JSON.parse(answer.body), answer.rstCode]).toEqual([
      200,
      { usage: { input_tokens: 2000, output_tokens: 10 } },
      0,
    ]);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'complete' });
    expect((await upstream.ask('anthropic', hello)).status).toBe(429);
    expect(upstream.calls).toHaveLength(1);
  });

  test('in requests counts those that were let out, and no others', async () => {
    const opened = upstream.open({
      limits: { tokens: 10_000, costMicroUsd: 1_000_000, requests: 2 },
    });
    upstream.stream(...anthropicEvents(1, 1));
    for (const model of ['m-1', 'dear', 'm-1', 'm-1'])
      await upstream.ask('anthropic', { ...hello, model, stream: true });
    expect(upstream.calls).toHaveLength(2);
    expect(await recordsOf(opened)).toEqual([
      'egress.allowed',
      'egress.closed',
      'model-not-allowed',
      'egress.allowed',
      'egress.closed',
      'limit:model-requests',
    ]);
    expect(opened.reached).toEqual([]);
  });

  test('leaves everything but models open', async () => {
    const opened = upstream.open({ limits: { tokens: 1, costMicroUsd: 1_000_000 } });
    upstream.stream(...anthropicEvents(100, 1));
    await upstream.ask('anthropic', { ...hello, stream: true });
    expect(opened.models.reached()).toBe('limit:model-tokens');
    const answer = await ask(opened.session, 'http://nowhere.example/');
    expect(JSON.parse(answer.body)).toMatchObject({ error: { reason: 'no-rule' } });
    expect(opened.broker.usage()).toMatchObject({ requests: 2 });
  });

  test('in bytes counts what is refused: to read it costs the same', async () => {
    const opened = upstream.open({}, { limits: { networkBytes: 400_000 } });
    const refused = { ...hello, unknown: 'x'.repeat(150_000) };
    expect((await upstream.ask('anthropic', refused)).status).toBe(403);
    expect(opened.broker.usage().bytesUp).toBeGreaterThan(150_000);
    expect((await upstream.ask('anthropic', refused)).status).toBe(403);
    await upstream.ask('anthropic', refused);
    expect(opened.reached).toEqual(['limit:network-bytes']);
    expect(upstream.calls).toEqual([]);
  });

  test('in money holds once it is passed', async () => {
    const opened = upstream.open({ limits: { tokens: 1_000_000, costMicroUsd: 100 } });
    upstream.stream(...anthropicEvents(1_000, 1));
    await upstream.ask('anthropic', { ...hello, stream: true });
    expect(opened.models.reached()).toBe('limit:model-cost');
  });

  test('is not evaded by hanging up before the usage comes', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => {
      const delta = { type: 'content_block_delta', delta: { text: 'y'.repeat(900) } };
      response.setHeader('content-type', 'text/event-stream').write(eventsOf(delta));
    };
    const stream = upstream.begin({ ...hello, stream: true });
    await once(stream, 'data');
    stream.close(8);
    const closed = await waitFor('its end', () => opened.records[1]);
    expect(closed).toMatchObject({ ending: 'sandbox-aborted', model: { isEstimate: true } });
    expect(opened.models.used().tokens).toBeGreaterThanOrEqual(300);
  });

  test('counts the input by the request’s length when a provider broke off before it said', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => {
      const delta = { type: 'response.output_text.delta', delta: 'abc' };
      response.setHeader('content-type', 'text/event-stream').write(eventsOf(delta));
      setImmediate(() => response.destroy());
    };
    await upstream.ask('responses', { model: 'm-1', input: 'z'.repeat(3_000), stream: true });
    await opened.broker.idle();
    const { tokens: modelTokens } = opened.models.used();
    expect(modelTokens).toBeGreaterThan(1_000);
    expect(modelTokens).toBeLessThan(1_100);
  });
});
