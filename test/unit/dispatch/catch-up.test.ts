import { describe, expect, it } from 'vitest';
import { keepCatchingUp } from '../../../src/dispatch/catch-up.ts';
import { endOverdue } from '../../../src/dispatch/end-overdue.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('looking for what was missed', () => {
  it('begins at the start, comes again on a schedule, and ends when told', async () => {
    const world = new World();
    const stopping = new AbortController();
    const looking = keepCatchingUp(world.context, stopping.signal);
    const { faults } = world.github;
    await world.clock.advance(0);
    expect(faults.count('hookDeliveries.list')).toBe(1);
    await world.clock.advance(2 * minuteMs - 1);
    expect(faults.count('hookDeliveries.list')).toBe(1);
    await world.clock.advance(60 * minuteMs);
    const looks = faults.count('hookDeliveries.list');
    expect(looks).toBeGreaterThan(20);
    expect(looks).toBeLessThanOrEqual(31);
    stopping.abort();
    await looking;
    await world.clock.advance(60 * minuteMs);
    expect(faults.count('hookDeliveries.list')).toBe(looks);
  });

  it('is one process’s work at a time', async () => {
    const world = new World();
    const stopping = new AbortController();
    const processes = [1, 2, 3].map(() => keepCatchingUp(world.context, stopping.signal));
    await world.clock.advance(10 * minuteMs);
    expect(world.github.faults.count('hookDeliveries.list')).toBeLessThanOrEqual(6);
    stopping.abort();
    await Promise.all(processes);
  });

  it('goes on with the other looks, and later, when one fails', async () => {
    const world = new World();
    const task = await storedTask(world, 'queued');
    await world.clock.advance(2 * dayMs);
    world.github.faults.plan({ method: 'hookDeliveries.list', nth: 1, when: 'before' });
    const stopping = new AbortController();
    const looking = keepCatchingUp(world.context, stopping.signal);
    await world.clock.advance(0);
    expect((await storedNow(world, task)).state).toBe('timed-out');
    await world.clock.advance(3 * minuteMs);
    expect(world.github.faults.count('hookDeliveries.list')).toBe(2);
    stopping.abort();
    await looking;
  });
});

describe('what has waited for too long', () => {
  it.each([
    ['awaiting-run-approval', 14, 'cancelled', 'gate:run:expired', 'cancelled'],
    ['awaiting-approval', 14, 'cancelled', 'gate:write:expired', 'neutral'],
    ['queued', 1, 'timed-out', 'runner:none', 'timed_out'],
  ] as const)(
    '%s ends after %d days with a conclusion',
    async (from, days, state, reason, said) => {
      const world = new World();
      const task = await storedTask(world, from);
      await world.clock.advance(days * dayMs);
      await endOverdue(world.context);
      expect((await storedNow(world, task)).state).toBe(from);
      await world.clock.advance(1);
      await endOverdue(world.context);
      expect(await storedNow(world, task)).toMatchObject({ state, reason });
      await settleTask(world.context, task.id);
      const run = world.github.runs.get(task.checkRunId ?? 0);
      expect(run?.state).toEqual({ status: 'completed', conclusion: said });
      expect(run?.actions).toEqual([]);
    },
  );

  it('is not what runs: that has ceilings of its own', async () => {
    const world = new World();
    const task = await storedTask(world, 'running');
    await world.clock.advance(90 * dayMs);
    await endOverdue(world.context);
    expect((await storedNow(world, task)).state).toBe('running');
  });

  it('is not what the policy holds up: a budget, the pace or quiet hours', async () => {
    const world = new World();
    const limit = { tasks: 0 };
    world.setRules('review', { budgets: { perRepository: limit } });
    const task = await storedTask(world, 'queued', { kind: 'review' });
    await world.clock.advance(2 * dayMs);
    await endOverdue(world.context);
    expect((await storedNow(world, task)).state).toBe('queued');
  });
});
