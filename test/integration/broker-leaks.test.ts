import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { LeakGuard } from '../../src/dispatch/leak-guard.ts';
import { openBroker } from '../../src/dispatch/open-broker.ts';
import { EgressPolicy } from '../../src/policy/egress-policy.ts';
import { systemClock } from '../../src/system-clock.ts';
import { answerOf, ask, smallEgressLimits } from '../support/broker/broker-scene.ts';
import { hello, ModelUpstream } from '../support/broker/model-scene.ts';
import { recordsOf, Upstream } from '../support/broker/upstream.ts';
import { noEgress } from '../support/fakes/no-egress.ts';

/** A guard, the signal that ends its run, and the option that has a broker ask it. */
function guarded() {
  const guard = new LeakGuard();
  const never = new AbortController().signal;
  const idle = openBroker(
    { egress: noEgress, clock: systemClock },
    {
      policy: EgressPolicy.parse({ limits: smallEgressLimits }),
      modelKey: guard.modelKey,
      onRecord: async () => undefined,
    },
  );
  const { ended } = guard.watch({ ...idle, ended: never });
  return { canary: guard.canary, guard, ended, options: { bodyWatch: () => guard.watchBody() } };
}

function expectLeak(guard: LeakGuard, { aborted }: AbortSignal): void {
  expect(aborted).toBe(true);
  expect(guard.incident).toMatchObject({ rule: 'canary', where: 'egress' });
}

describe('the canary in the body of a request', () => {
  const upstream = new Upstream();

  test.each([
    ['plain', (canary: string) => canary],
    ['in base64', (canary: string) => Buffer.from(`x=${canary};`).toString('base64')],
    ['in percent signs', (canary: string) => canary.replaceAll(/./g, percent)],
  ])('ends the exchange and the run, and never gets out whole: %s', async (_how, spell) => {
    const begun = Promise.withResolvers<{ readonly body: Promise<string> }>();
    upstream.answer = (request) => begun.resolve({ body: text(request).catch(() => 'cut off') });
    const { canary, guard, ended, options } = guarded();
    const opened = upstream.open(options);
    const spelt = spell(canary);
    const stream = opened.session.request({
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': `upstream.example:${upstream.port}`,
      ':path': '/',
    });
    const answered = answerOf(stream);
    stream.write(`before ${spelt.slice(0, 20)}`);
    const { body } = await begun.promise;
    stream.end(`${spelt.slice(20)} after`);
    await answered;
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed']);
    expect(opened.records.at(-1)).toMatchObject({ ending: 'leak' });
    expect(await body).toBe('cut off');
    expectLeak(guard, ended);
  });

  test('is not seen in what does not hold it', async () => {
    upstream.answer = (request, response) => void request.pipe(response);
    const { canary, ended, options } = guarded();
    const opened = upstream.open(options);
    const body = `${canary.slice(0, -1)} ${'x'.repeat(200_000)}%`;
    const answer = await ask(opened.session, upstream.url('/'), { method: 'POST', body });
    expect(answer.body).toBe(body);
    expect(ended.aborted).toBe(false);
  });
});

describe('the canary in a question to a model', () => {
  const upstream = new ModelUpstream();

  test('is kept, also where its letters are spelled as JSON can', async () => {
    const { canary, guard, ended, options } = guarded();
    const opened = upstream.open({}, options);
    const spelt = canary.replaceAll(/./g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
    const body = JSON.stringify(hello).replace('"hello"', () => `"${spelt}"`);
    expect(body).toContain(spelt);
    await upstream.ask('anthropic', body);
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed']);
    expect(upstream.calls).toEqual([]);
    expectLeak(guard, ended);
  });
});

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}
