import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { anthropicEvents, eventsOf, hello, ModelUpstream } from '../support/broker/model-scene.ts';
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
    expect(opened.reached).toEqual(['limit:model-tokens']);
    await waitFor('the upstream to be hung up on', () => closed || undefined);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({
      ending: 'limit:model-tokens',
      model: { isEstimate: true },
    });
    expect((await upstream.ask('anthropic', hello)).status).toBe(429);
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

  test('in money ends the task once it is passed', async () => {
    const opened = upstream.open({ limits: { tokens: 1_000_000, costMicroUsd: 100 } });
    upstream.stream(...anthropicEvents(1_000, 1));
    await upstream.ask('anthropic', { ...hello, stream: true });
    expect(opened.reached).toEqual(['limit:model-cost']);
  });

  test('is not evaded by hanging up before the usage comes', async () => {
    const opened = upstream.open();
    upstream.answer = (_, response) => {
      const delta = { type: 'content_block_delta', delta: { text: 'y'.repeat(900) } };
      response.setHeader('content-type', 'text/event-stream').write(eventsOf(delta));
    };
    const stream = opened.session.request({
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': 'anthropic.model.sallyport.internal',
      ':path': '/v1/messages',
      'content-type': 'application/json',
    });
    stream.on('error', () => undefined);
    stream.end(JSON.stringify({ ...hello, stream: true }));
    await once(stream, 'data');
    stream.close(8);
    const closed = await waitFor('its end', () => opened.records[1]);
    expect(closed).toMatchObject({ ending: 'sandbox-aborted', model: { isEstimate: true } });
    expect(opened.broker.usage().modelTokens).toBeGreaterThanOrEqual(300);
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
    const { modelTokens } = opened.broker.usage();
    expect(modelTokens).toBeGreaterThan(1_000);
    expect(modelTokens).toBeLessThan(1_100);
  });
});
