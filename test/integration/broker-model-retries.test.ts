import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { anthropicEvents, eventsOf, hello, ModelUpstream } from '../support/broker/model-scene.ts';
import { recordsOf } from '../support/broker/upstream.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new ModelUpstream();
const retry = { attempts: 3, maxWaitMs: 5 };

const fails =
  (status: number, type: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    const error = { type: 'error', error: { type, message: 'in organisation org-1' } };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(error));
  };
const works = (response: ServerResponse): void => {
  response.setHeader('content-type', 'text/event-stream').end(eventsOf(...anthropicEvents(10, 5)));
};

/** Answers one call after the other so; the last goes on. */
function answers(...each: readonly ((response: ServerResponse) => void)[]): void {
  upstream.answer = (_, response) =>
    (each[Math.min(upstream.calls.length, each.length) - 1] ?? works)(response);
}

describe('a provider that fails', () => {
  test('is asked again, and the agent hears of nothing', async () => {
    const opened = upstream.open({ retry });
    answers(fails(529, 'overloaded_error'), fails(503, 'api_error'), works);
    const answer = await upstream.ask('anthropic', { ...hello, stream: true });
    expect([answer.status, answer.body]).toEqual([200, eventsOf(...anthropicEvents(10, 5))]);
    expect(upstream.calls.map(({ body }) => body)).toEqual([
      upstream.calls[0]?.body,
      upstream.calls[0]?.body,
      upstream.calls[0]?.body,
    ]);
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed']);
    expect(opened.records.at(-1)).toMatchObject({
      ending: 'complete',
      status: 200,
      attempts: 3,
      providerError: '503 api_error',
      model: { input: 10, output: 5 },
    });
    expect(opened.models.used()).toMatchObject({ tokens: 15, requests: 1 });
    expect(opened.broker.usage().connections).toBe(3);
    expect(opened.resolver.asked).toHaveLength(1);
  });

  test('has its last answer passed on whole when patience ends', async () => {
    const opened = upstream.open({ retry });
    answers(fails(529, 'overloaded_error'));
    const answer = await upstream.ask('anthropic', hello);
    expect(answer.status).toBe(529);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { type: 'overloaded_error' } });
    expect(answer.headers).not.toHaveProperty('x-should-retry');
    expect(upstream.calls).toHaveLength(3);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ status: 529, attempts: 3, model: null });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['for an account at its end', fails(429, 'insufficient_quota')],
    ['for a key that is none', fails(401, 'authentication_error')],
    ['when it says so', fails(500, 'api_error', { 'x-should-retry': 'false' })],
  ])('is not asked again %s, and neither does the agent', async (_, fail) => {
    upstream.open({ retry });
    answers(fail);
    const answer = await upstream.ask('anthropic', hello);
    expect(answer.headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(upstream.calls).toHaveLength(1);
  });

  test('is not waited for longer than the route has patience', async () => {
    upstream.open({ retry });
    answers(fails(429, 'rate_limit_error', { 'retry-after': '60' }));
    const answer = await upstream.ask('anthropic', hello);
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
    expect(upstream.calls).toHaveLength(1);
  });

  test('is waited for as long as it says', async () => {
    const clock = new FakeClock();
    upstream.open({ retry: { attempts: 2, maxWaitMs: 30_000 } }, { clock });
    answers(fails(429, 'rate_limit_error', { 'retry-after': '20' }), works);
    const asked = upstream.ask('anthropic', hello);
    await waitFor('the first call', () => upstream.calls[0]);
    // Beside it only what watches for silence waits.
    await waitFor('the wait', () => (clock.waiting >= 2 ? true : undefined));
    await clock.advance(19_000);
    expect(upstream.calls).toHaveLength(1);
    await clock.advance(1_001);
    expect((await asked).status).toBe(200);
    expect(upstream.calls).toHaveLength(2);
  });

  test('is asked no more when the sandbox has hung up', async () => {
    const clock = new FakeClock();
    const opened = upstream.open({ retry: { attempts: 9, maxWaitMs: 60_000 } }, { clock });
    answers(fails(529, 'overloaded_error'));
    const stream = upstream.begin(hello);
    await waitFor('the first call', () => upstream.calls[0]);
    await waitFor('the wait', () => (clock.waiting >= 2 ? true : undefined));
    stream.close(8);
    await waitFor('its end', () => opened.records.find(({ type }) => type === 'egress.closed'));
    expect(opened.records.at(-1)).toMatchObject({ ending: 'sandbox-aborted', attempts: 1 });
    expect(upstream.calls).toHaveLength(1);
  });

  test('is told of when it breaks off in the middle, or refuses', async () => {
    const opened = upstream.open({ retry });
    upstream.stream(...anthropicEvents(1, 1).slice(0, 2), {
      type: 'error',
      error: { type: 'overloaded_error' },
    });
    await upstream.ask('anthropic', { ...hello, stream: true });
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ status: 200, providerError: 'overloaded_error' });
    upstream.answer = (_, response) => {
      const usage = { input_tokens: 1, output_tokens: 1 };
      const stop = { stop_reason: 'refusal', stop_details: { category: 'bio' } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ type: 'message', ...stop, usage }));
    };
    await upstream.ask('anthropic', hello);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'complete', refusal: 'bio' });
  });

  test('is not asked again behind the agent’s back once an answer has begun', async () => {
    const opened = upstream.open({ retry });
    upstream.answer = (_, response) => {
      if (upstream.calls.length > 1) return works(response);
      response.setHeader('content-type', 'text/event-stream');
      response.write(eventsOf(...anthropicEvents(10, 5).slice(0, 2)));
      setImmediate(() => response.destroy());
    };
    const ask = () => upstream.ask('anthropic', { ...hello, stream: true });
    await ask().catch(() => 'cut off');
    await opened.broker.idle();
    expect(upstream.calls).toHaveLength(1);
    expect(opened.records.at(-1)).toMatchObject({
      ending: 'upstream-failed',
      status: 200,
      attempts: 1,
      model: { input: 10, isEstimate: true },
    });
    // The agent asks by itself, and both count.
    expect((await ask()).body).toBe(eventsOf(...anthropicEvents(10, 5)));
    expect(opened.models.used().requests).toBe(2);
    expect(opened.models.used().tokens).toBeGreaterThan(25);
  });

  test('cannot hold the exchange by an error without an end', async () => {
    const opened = upstream.open({ retry }, { timeouts: { idleMs: 3_000, modelIdleMs: 50 } });
    upstream.answer = (_, response) => void response.writeHead(500).write('{"error":');
    const answer = await upstream.ask('anthropic', hello);
    expect(answer.status).toBe(504);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'idle' });
  });

  test('with a long error has it passed on whole', async () => {
    upstream.open({ retry: { attempts: 1, maxWaitMs: 0 } });
    const long = 'x'.repeat(200_000);
    upstream.answer = (_, response) => void response.writeHead(500).end(long);
    expect((await upstream.ask('anthropic', hello)).body).toBe(long);
  });
});
