import { describe, expect, it } from 'vitest';
import { keepSweeping, sweep } from '../../../src/dispatch/reap.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import { RunnerScene } from './runner-scene.ts';

const mine = { ownerId: 'runner-1', taskId: taskIdFor('mine', 'review') };
const theirs = { ownerId: 'runner-2', taskId: taskIdFor('theirs', 'review') };

describe('a sweep', () => {
  it('removes its own leftovers and what is overdue of others, a row of the ledger each', async () => {
    const { world, sandbox, runner } = new RunnerScene();
    const live = { ownerId: 'runner-3', taskId: taskIdFor('live', 'review') };
    sandbox.leftovers.push(mine, { ...theirs, why: 'expired' }, live);
    await sweep(world.context, runner);
    expect(sandbox.leftovers).toEqual([live]);
    const rows = world.ledger.entries.map(({ type, taskId, data }) => ({ type, taskId, ...data }));
    const type = 'sandbox.reaped';
    const runnerId = 'runner-1';
    expect(rows).toEqual([
      { type, ...mine, runnerId, containerId: `of-${mine.taskId}`, why: 'unwanted' },
      { type, ...theirs, runnerId, containerId: `of-${theirs.taskId}`, why: 'expired' },
    ]);
  });

  it('comes every minute, also after one that failed, until the runner stops', async () => {
    const { world, sandbox, runner, stopping } = new RunnerScene();
    const sweeping = keepSweeping({ context: world.context, runner }, stopping.signal);
    const error = new SallyportError('engine.unavailable', 'planned');
    sandbox.faults.plan({ method: 'removeOwned', nth: 1, when: 'before', error });
    await world.clock.advance(60_000);
    sandbox.leftovers.push(mine);
    await world.clock.advance(59_999);
    expect(sandbox.leftovers).toEqual([mine]);
    await world.clock.advance(1);
    expect(sandbox.leftovers).toEqual([]);
    stopping.abort();
    await sweeping;
    expect(sandbox.faults.count('removeOwned')).toBe(2);
  });

  it('does not look at the engine after it was told to stop', async () => {
    const { world, sandbox, runner, stopping } = new RunnerScene();
    const sweeping = keepSweeping({ context: world.context, runner }, stopping.signal);
    await world.clock.advance(1_000);
    stopping.abort();
    await sweeping;
    expect(sandbox.faults.calls).toEqual([]);
  });
});
