import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LeakGuard } from '../../../src/dispatch/leak-guard.ts';
import { openBroker } from '../../../src/dispatch/open-broker.ts';
import { runSandbox } from '../../../src/dispatch/run-sandbox.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { smallEgressLimits } from '../../support/broker/broker-scene.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { answers, FakeSandbox } from '../../support/fakes/fake-sandbox.ts';
import { noEgress } from '../../support/fakes/no-egress.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';
import { request } from '../../support/wire/hostile-sandbox.ts';

const model = 'm.model.sallyport.internal';

/** Lets a sandbox ask with these headers, by the guard of its run; what was denied and what was leaked. */
async function asked(headersOf: (key: string) => Record<string, string>) {
  const guard = new LeakGuard();
  const sandbox = new FakeSandbox();
  const clock = new FakeClock();
  sandbox.behave = async (session, running) => {
    await request(session, { ':method': 'POST', ':path': '/v1/x', ...headersOf(guard.modelKey) });
    await answers()(session, running);
  };
  const denied: string[] = [];
  const broker = openBroker(
    { egress: noEgress, clock },
    {
      policy: EgressPolicy.parse({ limits: smallEgressLimits }),
      modelKey: guard.modelKey,
      onRecord: async (record) =>
        void denied.push('reason' in record ? record.reason : record.type),
    },
  );
  const run = runSandbox(
    { sandbox, clock },
    {
      taskId: taskIdFor('x', 'review'),
      ownerId: 'runner-1',
      image: 'worker:1',
      runtime: 'runc',
      limits: smallLimits,
      bundle: () => Readable.from(['input']),
      broker: guard.watch(broker),
      onEvent: () => undefined,
      signal: new AbortController().signal,
    },
  );
  // What a leak ends a run with is the stage's to name.
  await run.catch((error: unknown) => {
    if (guard.incident === undefined) throw error;
  });
  return { denied, incident: guard.incident };
}

describe('the model key', () => {
  it.each<[string, (key: string) => Record<string, string>]>([
    ['to another host', (key) => ({ ':authority': 'a.example', 'x-api-key': key })],
    [
      'to a host whose name ends alike',
      (key) => ({ ':authority': `x${model}.a.example`, 'x-api-key': key }),
    ],
    ['in another header', (key) => ({ ':authority': model, 'user-agent': `a/${key}` })],
    ['in the path', (key) => ({ ':authority': model, ':path': `/v1/${key}` })],
    [
      'in base64, as a password',
      (key) => ({
        ':authority': 'a.example',
        authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}`,
      }),
    ],
  ])('is an incident %s', async (_, headersOf) => {
    const { denied, incident } = await asked(headersOf);
    expect(denied).toEqual([]);
    expect(incident).toMatchObject({ rule: 'model-key', where: 'egress' });
  });

  it.each(['x-api-key', 'authorization'])('belongs to a model’s %s', async (name) => {
    const { denied, incident } = await asked((key) => ({
      ':authority': `${model.toUpperCase()}:80`,
      ':scheme': 'http',
      [name]: name === 'authorization' ? `Bearer ${key}` : key,
    }));
    expect(denied).toEqual(['no-route']);
    expect(incident).toBeUndefined();
  });

  it('is an incident in what is printed and in a body, cut in two', () => {
    const printed = new LeakGuard();
    expect(() => printed.checkEvent({ type: 'log', text: printed.modelKey })).toThrow('model-key');
    const carried = new LeakGuard();
    const look = carried.watchBody();
    const [first, rest] = [carried.modelKey.slice(0, 9), carried.modelKey.slice(9)];
    expect([first, rest].map((piece) => look(Buffer.from(piece)))).toEqual([false, true]);
    expect(carried.incident).toMatchObject({ rule: 'model-key' });
  });

  it('is another word for each run, of characters that keys have', () => {
    const [one, two] = [new LeakGuard().modelKey, new LeakGuard().modelKey];
    expect(one).toMatch(/^sk-sallyport-[0-9a-f]{40}$/);
    expect(one).not.toBe(two);
  });
});
