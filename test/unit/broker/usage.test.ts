import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventStream } from '../../../src/broker/event-stream.ts';
import { EgressMeters } from '../../../src/broker/meters.ts';
import { ModelMeters } from '../../../src/broker/model-meters.ts';
import { costOf, noTokens, totalTokens } from '../../../src/broker/model-usage.ts';
import { usageBeside, usageOfAnswer, usageOfEvent } from '../../../src/broker/read-usage.ts';
import { smallEgressLimits } from '../../support/broker/broker-scene.ts';

describe('server-sent events', () => {
  const text = 'event: a\r\ndata: {"x":"ü"}\r\n\r\n: comment\ndata: one\ndata: two\n\ndata: open';

  test('are read alike however they are cut', () => {
    const whole = Buffer.from(text);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const found: string[] = [];
        const events = new EventStream((data) => found.push(data));
        const ends = [0, ...cuts.sort((a, b) => a - b), whole.length];
        for (const [index, end] of ends.entries())
          events.take(whole.subarray(ends[index - 1] ?? 0, end));
        expect(found).toEqual([' {"x":"ü"}', ' one\n two']);
      }),
    );
  });

  test('may end lines in any of three ways', () => {
    const found: string[] = [];
    const events = new EventStream((data) => found.push(data));
    for (const piece of ['data: a\r\rdata: b\r', '\n\r', '\ndata: c\n\n'])
      events.take(Buffer.from(piece));
    expect(found).toEqual([' a', ' b', ' c']);
  });

  test('are given up when a line has no end', () => {
    const events = new EventStream(() => undefined);
    const piece = Buffer.alloc(8 * 1024 * 1024, 'x');
    expect(() => {
      for (let taken = 0; taken < 3; taken += 1) events.take(piece);
    }).toThrow('model-unmetered');
  });
});

describe('usage', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no object', 5],
    ['a negative count', { usage: { input_tokens: -1, output_tokens: -1 } }],
    ['a fraction', { usage: { input_tokens: 0.5, output_tokens: 0.5 } }],
    ['a text', { usage: { input_tokens: '5', output_tokens: '5' } }],
    ['more than there can be', { usage: { input_tokens: 1e300, output_tokens: 1e300 } }],
  ])('is unknown in %s', (_, answer) => {
    for (const kind of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const)
      expect(usageOfAnswer(kind, answer)).toBeUndefined();
  });

  test('is read from a whole answer', () => {
    const usage = { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5 };
    expect(usageOfAnswer('anthropic-messages', { usage })).toEqual({
      input: 3,
      output: 4,
      cacheRead: 5,
    });
    expect(usageOfAnswer('openai-responses', { usage })).toEqual({
      ...noTokens,
      input: 3,
      output: 4,
    });
  });

  test('never counts more cached tokens than there were', () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 1,
      prompt_tokens_details: { cached_tokens: 9 },
    };
    expect(usageOfAnswer('openai-chat', { usage })).toMatchObject({ input: 0, cacheRead: 3 });
  });

  test('has OpenAI’s cache writes apart from the input, by their life', () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 4,
      input_tokens_details: {
        cached_tokens: 20,
        cache_write_tokens: 30,
        cache_write_tokens_details: { ttl_30m_tokens: 10, ttl_12h_tokens: 20 },
      },
    };
    expect(usageOfAnswer('openai-responses', { usage })).toEqual({
      input: 50,
      output: 4,
      cacheRead: 20,
      cacheWrite: 10,
      cacheWriteHour: 20,
    });
    const details = { cached_tokens: 90, cache_write_tokens: 90 };
    const chat = { prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: details };
    expect(usageOfAnswer('openai-chat', { usage: chat })).toEqual({
      input: 0,
      output: 1,
      cacheRead: 90,
      cacheWrite: 10,
      cacheWriteHour: 0,
    });
  });

  test('has what a provider used to sum up a conversation, which is not in its totals', () => {
    const compaction = {
      type: 'compaction',
      input_tokens: 1_000,
      output_tokens: 50,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 3,
    };
    const turn = { type: 'message', input_tokens: 5, output_tokens: 5 };
    const usage = { output_tokens: 5, iterations: [compaction, turn, compaction] };
    expect(usageBeside('anthropic-messages', { type: 'message_delta', usage })).toEqual({
      input: 2_000,
      output: 100,
      cacheRead: 6,
      cacheWrite: 14,
      cacheWriteHour: 0,
    });
    expect(usageBeside('anthropic-messages', { usage: { iterations: null } })).toBeUndefined();
    expect(usageBeside('openai-chat', { usage })).toBeUndefined();
  });

  test.each([
    ['openai-chat', { choices: [{ delta: { function_call: { arguments: 'x'.repeat(90) } } }] }],
    ['openai-chat', { choices: [{ delta: { reasoning: 'x'.repeat(90) } }] }],
    [
      'openai-chat',
      { choices: [{ delta: { tool_calls: [{ custom: { input: 'x'.repeat(90) } }] } }] },
    ],
    ['openai-chat', { choices: [0, 1].map(() => ({ delta: { refusal: 'x'.repeat(45) } })) }],
    ['anthropic-messages', { delta: { type: 'compaction_delta', content: 'x'.repeat(90) } }],
    ['openai-responses', { type: 'response.output_text.delta', delta: 'x'.repeat(90) }],
  ] as const)('of %s is reckoned by whatever was written: %j', (kind, event) => {
    expect(usageOfEvent(kind, event).written).toBe(90);
  });

  test('is final where the provider has no more to say', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 0 };
    const final = (choices: readonly object[]) =>
      usageOfEvent('openai-chat', { choices, usage }).isFinal;
    expect(final([])).toBe(true);
    expect(final([{ delta: {}, finish_reason: 'stop' }])).toBe(true);
    expect(final([{ delta: {}, finish_reason: null }])).toBe(false);
    expect(final([{ finish_reason: 'stop' }, { delta: {} }])).toBe(false);
  });

  test('is never read with an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (event) => {
        for (const kind of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const)
          expect(usageOfEvent(kind, event).written).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the cost', () => {
  const price = { input: 3, output: 15, cacheRead: 1, cacheWrite: 4, cacheWriteHour: 6 };

  test('is rounded up, and exact where floating point is not', () => {
    expect(costOf({ ...noTokens, input: 1 }, price)).toBe(1);
    expect(costOf(noTokens, price)).toBe(0);
    const dear = { ...price, input: 75_000_000 };
    expect(costOf({ ...noTokens, input: 999_999_999 }, dear)).toBe(74_999_999_925);
  });

  test('of a long prompt is that of all of it, cached or not', () => {
    const long = { input: 30, output: 150, cacheRead: 10, cacheWrite: 40, cacheWriteHour: 60 };
    const tiered = { ...price, longPrompt: { above: 1_000_000, ...long } };
    const million = 1_000_000;
    expect(costOf({ ...noTokens, input: million, output: million }, tiered)).toBe(18);
    expect(costOf({ ...noTokens, input: million, cacheRead: 1 }, tiered)).toBe(31);
    const spread = { input: 1, output: 1, cacheRead: million, cacheWrite: 0, cacheWriteHour: 0 };
    expect(costOf(spread, tiered)).toBe(11);
  });

  test('of a sum is never more than that of its parts', () => {
    const counts = fc.record({ input: fc.nat(), output: fc.nat(), cacheRead: fc.nat() });
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const one = { ...noTokens, ...a };
        const other = { ...noTokens, ...b };
        const sum = {
          ...noTokens,
          input: a.input + b.input,
          output: a.output + b.output,
          cacheRead: a.cacheRead + b.cacheRead,
        };
        expect(costOf(sum, price)).toBeLessThanOrEqual(costOf(one, price) + costOf(other, price));
        expect(totalTokens(sum)).toBe(totalTokens(one) + totalTokens(other));
      }),
    );
  });
});

describe('the meters', () => {
  const rule = { id: 'r' };

  test('tell the first ceiling once, and stay closed', () => {
    const reached: string[] = [];
    const meters = new EgressMeters({ ...smallEgressLimits, networkBytes: 10, requests: 1 });
    meters.listen((limit) => reached.push(limit));
    meters.request();
    meters.bytes(rule, 'up', 10);
    expect(() => meters.bytes(rule, 'down', 1)).toThrow('limit:network-bytes');
    expect(() => meters.request()).toThrow('limit:network-bytes');
    expect(() => meters.connection()).toThrow('limit:network-bytes');
    expect(reached).toEqual(['limit:network-bytes']);
  });

  test('tell the task’s next sandbox of a ceiling that one before it reached', () => {
    const reached: string[] = [];
    const meters = new EgressMeters({ ...smallEgressLimits, requests: 0 });
    expect(() => meters.request()).toThrow('limit:requests');
    meters.listen((limit) => reached.push(limit));
    expect(reached).toEqual(['limit:requests']);
  });

  test('take back what an estimate was too high, and sum a route’s exchanges', () => {
    const meters = new ModelMeters();
    const route = { id: 'm', limits: { tokens: 100, costMicroUsd: 1_000 } };
    meters.add(route, { tokens: 90, costMicroUsd: 0 });
    meters.add(route, { tokens: -40, costMicroUsd: 0 });
    meters.add(route, { tokens: 50, costMicroUsd: 0 });
    expect(() => meters.add(route, { tokens: 1, costMicroUsd: 0 })).toThrow('limit:model-tokens');
  });

  test('give places back', () => {
    const meters = new EgressMeters({ ...smallEgressLimits, concurrent: 1 });
    meters.enter();
    expect(() => meters.enter()).toThrow('too-many-at-once');
    meters.leave();
    expect(() => meters.enter()).not.toThrow();
  });
});
