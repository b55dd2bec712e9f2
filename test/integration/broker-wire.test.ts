import { describe, expect, test } from 'vitest';
import { createBroker } from '../../src/broker/create-broker.ts';
import type { EgressRecord } from '../../src/broker/egress-record.ts';
import { EgressPolicy } from '../../src/policy/egress-policy.ts';
import { systemClock } from '../../src/system-clock.ts';
import { ask, smallEgressLimits } from '../support/broker/broker-scene.ts';
import { FakeResolver, LoopbackDialer } from '../support/broker/loopback-dialer.ts';
import { Upstream } from '../support/broker/upstream.ts';
import { post, resultOf, serve, speak } from '../support/wire/hostile-sandbox.ts';

const upstream = new Upstream();

/** A task over a wire whose broker ends it by name, as a runner has it. */
function runTask(limits: object = {}) {
  const records: EgressRecord[] = [];
  const over = new AbortController();
  const rule = { id: 'docs', host: 'upstream.example', port: upstream.port };
  const broker = createBroker({
    policy: EgressPolicy.parse({
      rules: [{ ...rule, methods: ['GET'], paths: ['/**'] }],
      allowAddresses: ['127.0.0.1/32'],
      limits: { ...smallEgressLimits, ...limits },
    }),
    resolver: new FakeResolver({ 'upstream.example': [['127.0.0.1']] }),
    dialer: new LoopbackDialer(),
    credentials: new Map(),
    modelKey: 'placeholder',
    prices: { version: 1, asOf: '2026-01-01', models: {} },
    record: async (record) => void records.push(record),
    onLimit: (limit) => over.abort(new Error(limit)),
    clock: systemClock,
    signal: over.signal,
  });
  const { outcome, wire } = serve({ onEgress: broker.onEgress, signal: over.signal });
  return { broker, outcome, session: speak(wire), records };
}

describe('a broker behind a wire', () => {
  test('answers beside the task’s own requests, and lets the task end', async () => {
    const { broker, outcome, session, records } = runTask();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ask(session, upstream.url(`/${index}`))),
    );
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['the upstream']));
    expect(await post(session, resultOf({}))).toBe(204);
    await outcome;
    await broker.idle();
    expect(records).toHaveLength(16);
  });

  test('ends the task with the limit’s name when the sandbox floods it', async () => {
    const { outcome, session, records } = runTask({ requests: 50 });
    for (let sent = 0; sent < 20 && !session.destroyed; sent += 1)
      await Promise.all(Array.from({ length: 25 }, () => ask(session, 'http://evil.example/')));
    await expect(outcome).rejects.toThrow('limit:requests');
    expect(records.length).toBeLessThanOrEqual(52);
  });

  test('goes on when an upstream sends headers that the wire would not take', async () => {
    upstream.answer = (_, response) => {
      for (let index = 0; index < 200; index += 1) response.setHeader(`x-${index}`, 'y');
      response.end();
    };
    const { outcome, session } = runTask();
    expect((await ask(session, upstream.url('/'))).status).toBe(502);
    upstream.answer = (_, response) => {
      for (let index = 0; index < 60; index += 1) response.setHeader(`x-${index}`, 'y'.repeat(90));
      response.end('much');
    };
    expect((await ask(session, upstream.url('/'))).body).toBe('much');
    expect(await post(session, resultOf({}))).toBe(204);
    await outcome;
  });
});
