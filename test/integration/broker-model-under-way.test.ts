import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { eventsOf, hello, ModelUpstream } from '../support/broker/model-scene.ts';
import { recordsOf } from '../support/broker/upstream.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new ModelUpstream();

/** Begins an answer, and says nothing more. */
function beginsAndIsSilent(): { readonly isHungUp: () => boolean } {
  let isClosed = false;
  upstream.answer = (_, response) => {
    const delta = { type: 'content_block_delta', delta: { text: 'begun' } };
    response.setHeader('content-type', 'text/event-stream').write(eventsOf(delta));
    response.on('close', () => {
      isClosed = true;
    });
  };
  return { isHungUp: () => isClosed };
}

describe('an answer that has begun, of a provider that is silent', () => {
  test('ends when nothing comes for too long', async () => {
    const provider = beginsAndIsSilent();
    const opened = upstream.open({}, { timeouts: { idleMs: 3_000, modelIdleMs: 50 } });
    expect((await upstream.ask('anthropic', { ...hello, stream: true })).status).toBe(200);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'idle' });
    await waitFor('the hanging up', () => provider.isHungUp() || undefined);
  });

  test('ends with its run', async () => {
    const provider = beginsAndIsSilent();
    const run = new AbortController();
    const opened = upstream.open({}, { signal: run.signal });
    const stream = upstream.begin({ ...hello, stream: true });
    await once(stream, 'data');
    run.abort();
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ type: 'egress.closed' });
    await waitFor('the hanging up', () => provider.isHungUp() || undefined);
  });

  test('ends with the sandbox’s hanging up', async () => {
    const provider = beginsAndIsSilent();
    const opened = upstream.open();
    const stream = upstream.begin({ ...hello, stream: true });
    await once(stream, 'data');
    stream.close(8);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'sandbox-aborted' });
    await waitFor('the hanging up', () => provider.isHungUp() || undefined);
  });
});

describe('a request that nobody waits for', () => {
  test.each([
    ['its input and all that it may write', {}, 3_010],
    ['its input, and a stream by how long it went on', { stream: true, max_tokens: 10 }, 3_010],
    ['its input and a long answer, where it sets no end', { max_tokens: null }, 3_000 + 32_768],
  ])('costs %s', async (_, part, tokens) => {
    upstream.answer = () => undefined;
    const limits = { tokens: 1_000_000, costMicroUsd: 1_000_000_000 };
    const opened = upstream.open({ limits });
    const messages = [{ role: 'user', content: 'x'.repeat(9_000) }];
    const stream = upstream.begin({ ...hello, messages, ...part });
    await waitFor('the request', () => upstream.calls[0]);
    stream.close(8);
    await opened.broker.idle();
    const used = opened.models.used().tokens;
    expect(used).toBeGreaterThan(tokens - 10);
    expect(used).toBeLessThan(tokens + 60);
    expect(opened.records.at(-1)).toMatchObject({ model: { isEstimate: true } });
  });

  test('costs nothing where its provider failed', async () => {
    upstream.answer = (_, response) => response.destroy();
    const opened = upstream.open();
    await upstream.ask('anthropic', hello);
    await opened.broker.idle();
    expect(opened.models.used()).toEqual({ tokens: 0, costMicroUsd: 0, requests: 1 });
  });
});

describe('requests at one time', () => {
  test('do not pass a ceiling together', async () => {
    const opened = upstream.open({ limits: { tokens: 1_000, costMicroUsd: 1_000_000 } });
    upstream.answer = (_, response) => {
      response.setHeader('content-type', 'application/json');
      const usage = { input_tokens: 2_000, output_tokens: 10 };
      setImmediate(() => response.end(JSON.stringify({ usage })));
    };
    const body = { ...hello, messages: [{ role: 'user', content: 'x'.repeat(3_000) }] };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => upstream.ask('anthropic', body)),
    );
    const statuses = answers.map(({ status = 0 }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array<number>(7).fill(429)]);
    expect(opened.models.used().tokens).toBe(2_010);
    expect(upstream.calls).toHaveLength(1);
  });

  test('go out together where there is room, and one after the other where there may be', async () => {
    const opened = upstream.open({ limits: { tokens: 2_500, costMicroUsd: 1_000_000 } });
    const held: ServerResponse[] = [];
    let most = 0;
    upstream.answer = (_, response) => {
      most = Math.max(most, held.push(response));
      // What more is let out than this comes meanwhile.
      if (held.length === 3) setTimeout(answerAll, 50);
    };
    const answerAll = (): void => {
      for (const response of held.splice(0)) {
        response.setHeader('content-type', 'application/json');
        response.end('{"usage":{"input_tokens":100,"output_tokens":1}}');
      }
    };
    const body = { ...hello, messages: [{ role: 'user', content: 'x'.repeat(3_000) }] };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => upstream.ask('anthropic', body)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(6).fill(200));
    expect(most).toBe(3);
    expect(opened.models.used()).toMatchObject({ tokens: 606, requests: 6 });
  });
});

test('no query reaches a provider but the one that clients need', async () => {
  const opened = upstream.open();
  upstream.answer = (_, response) => response.end('{}');
  const queries = ['?beta=true', '?key=another&x=?beta=true', '?beta=true&key=another', '?a'];
  for (const query of queries)
    await upstream.ask('anthropic', hello, { path: `/v1/messages${query}` });
  const path = '/v1/messages';
  expect(upstream.calls.map(({ url }) => url)).toEqual([`${path}?beta=true`, path, path, path]);
  expect(await recordsOf(opened)).not.toContain('no-rule-for-path');
});
