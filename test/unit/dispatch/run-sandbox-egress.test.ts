import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { EgressRecord } from '../../../src/broker/egress-record.ts';
import { openBroker } from '../../../src/dispatch/open-broker.ts';
import { runSandbox } from '../../../src/dispatch/run-sandbox.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { smallEgressLimits } from '../../support/broker/broker-scene.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { answers, type Behaviour, FakeSandbox } from '../../support/fakes/fake-sandbox.ts';
import { noEgress } from '../../support/fakes/no-egress.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';
import { request } from '../../support/wire/hostile-sandbox.ts';

const foreign = { ':method': 'GET', ':path': '/', ':authority': 'a.example:80' };

/** Asks for something outside so often, and then does its work. */
const asks =
  (times: number): Behaviour =>
  async (session, running) => {
    for (let i = 0; i < times; i += 1) await request(session, foreign);
    await answers()(session, running);
  };

function start(
  behave: Behaviour,
  {
    onRecord,
    limits,
  }: { onRecord?: (record: EgressRecord) => Promise<void>; limits?: object } = {},
) {
  const sandbox = new FakeSandbox();
  sandbox.behave = behave;
  const clock = new FakeClock();
  const records: EgressRecord[] = [];
  const keep = async (record: EgressRecord): Promise<void> => void records.push(record);
  const policy = EgressPolicy.parse({ limits: { ...smallEgressLimits, ...limits } });
  const broker = openBroker(
    { egress: noEgress, clock },
    { policy, modelKey: 'placeholder', onRecord: onRecord ?? keep },
  );
  const verdict = runSandbox(
    { sandbox, clock },
    {
      taskId: taskIdFor('x', 'review'),
      ownerId: 'runner-1',
      image: 'worker:1',
      runtime: 'runsc',
      limits: smallLimits,
      bundle: () => Readable.from(['input']),
      broker,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    },
  );
  return { verdict, records, sandbox };
}

describe('runSandbox with a broker', () => {
  it('records what the sandbox asks for, and takes its result all the same', async () => {
    const { verdict, records } = start(asks(2));
    expect(await verdict).toMatchObject({ status: 'result' });
    expect(records).toMatchObject([
      { type: 'egress.denied', exchange: 1, reason: 'no-rule', host: 'a.example' },
      { type: 'egress.denied', exchange: 2, reason: 'no-rule' },
    ]);
  });

  it('ends with the name of the ceiling, and with no request recorded twice or not at all', async () => {
    const { verdict, records, sandbox } = start(asks(50), { limits: { requests: 3 } });
    expect(await verdict).toEqual({ status: 'failed', reason: 'limit:requests' });
    expect(records.map(({ exchange }) => exchange)).toEqual([1, 2, 3, 4]);
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
  });

  it('ends when a decision cannot be recorded: that is our fault, and tried again', async () => {
    const error = new SallyportError('store.unavailable', 'planned');
    const { verdict, sandbox } = start(asks(1), { onRecord: () => Promise.reject(error) });
    await expect(verdict).rejects.toBe(error);
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
  });
});
