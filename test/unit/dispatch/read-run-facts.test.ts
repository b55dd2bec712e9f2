import { expect, it } from 'vitest';
import { readRunFacts } from '../../../src/dispatch/read-run-facts.ts';
import { recordEgress } from '../../../src/dispatch/record-egress.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { World } from '../../support/fakes/world.ts';

const id = taskIdFor('facts', 'review');
const at = (host: string) => ({
  exchange: 1,
  ruleId: null,
  method: 'GET',
  host,
  port: 443,
  path: '/',
});
const tokens = { input: 10, output: 5, cacheRead: 3, cacheWrite: 2, cacheWriteHour: 1 };
const model = {
  ...tokens,
  model: 'm-1',
  pricesAsOf: '2026-11-28',
  costMicroUsd: 40,
  isEstimate: false,
};
const closed = (host: string, more: object) => ({
  ...at(host),
  type: 'egress.closed' as const,
  ending: 'complete',
  status: 200,
  bytesUp: 100,
  bytesDown: 1_000,
  ms: 3,
  model: null,
  ...more,
});

it('tells what the last attempt asked for, the busiest host first', async () => {
  const { ledger } = new World();
  const say = (record: Parameters<typeof recordEgress>[2], attempt = 2) =>
    recordEgress(ledger, { id, attempt, stage: 'agent' }, record);
  await say({ ...at('before.example'), type: 'egress.allowed', addresses: [] }, 1);
  await say({ ...at('rare.example'), type: 'egress.denied', reason: 'first' });
  for (let times = 0; times < 2; times += 1) {
    await say({ ...at('model.example'), type: 'egress.allowed', addresses: ['192.0.2.1'] });
    await say(closed('model.example', { model: { ...model, isEstimate: times === 1 } }));
  }
  await say({ ...at('model.example'), type: 'egress.denied', reason: 'last' });
  await ledger.append({ type: 'task.peaks', taskId: id, data: { attempt: 2 } });
  expect(await readRunFacts(ledger, { id, attempt: 2 })).toEqual({
    hosts: [
      { host: 'model.example', allowed: 2, denied: 1, reason: 'last' },
      { host: 'rare.example', allowed: 0, denied: 1, reason: 'first' },
    ],
    models: [
      {
        model: 'm-1',
        tokens: 42,
        costMicroUsd: 80,
        isEstimate: true,
        pricesAsOf: '2026-11-28',
      },
    ],
    provider: nothingAsked.provider,
    bytesUp: 200,
    bytesDown: 2_000,
  });
});

it('tells of nothing where nothing was asked for', async () => {
  const { ledger } = new World();
  expect(await readRunFacts(ledger, { id, attempt: 1 })).toEqual(nothingAsked);
});

it('tells of requests that were tried again, that failed and that were refused', async () => {
  const { ledger } = new World();
  for (const more of [
    { attempts: 3, providerError: '529 overloaded_error' },
    { attempts: 2, providerError: '529 overloaded_error', refusal: 'cyber' },
    { attempts: 1, status: 401, providerError: '401 authentication_error' },
    { attempts: 1, providerError: 'overloaded_error' },
    { attempts: 1, refusal: 'cyber' },
    {},
  ])
    await recordEgress(ledger, { id, attempt: 1, stage: 'agent' }, closed('m.example', more));
  expect((await readRunFacts(ledger, { id, attempt: 1 })).provider).toEqual({
    retried: 2,
    failed: 2,
    errors: ['529 overloaded_error', '401 authentication_error', 'overloaded_error'],
    refused: 2,
    categories: ['cyber'],
  });
});

it('tells of answers of models that broke off, and not of other hosts', async () => {
  const { ledger } = new World();
  for (const [host, ending] of [
    ['m.model.sallyport.internal', 'upstream-failed'],
    ['m.model.sallyport.internal', 'idle'],
    ['m.model.sallyport.internal', 'sandbox-aborted'],
    ['m.example', 'upstream-failed'],
  ] as const)
    await recordEgress(ledger, { id, attempt: 1, stage: 'agent' }, closed(host, { ending }));
  expect((await readRunFacts(ledger, { id, attempt: 1 })).provider).toMatchObject({
    failed: 2,
    errors: ['upstream-failed', 'idle'],
  });
});

it('reads rows from before there were days of prices', async () => {
  const { ledger } = new World();
  const { pricesAsOf: _, ...old } = model;
  await ledger.append({
    type: 'egress.closed',
    taskId: id,
    data: { attempt: 1, ...closed('m.example', { model: old }) },
  });
  const { models } = await readRunFacts(ledger, { id, attempt: 1 });
  expect(models).toMatchObject([{ tokens: 21, pricesAsOf: null }]);
});
