import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { tellExpired } from '../../../src/dispatch/tell-expired.ts';
import type { Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

const hourMs = 3_600_000;

/** A patch that two have to approve within an hour of each other, and one has. */
async function half(): Promise<{ readonly world: World; readonly task: Task }> {
  const world = new World();
  for (const login of ['ada', 'bob']) world.setRole(login, 'maintain');
  const approvals = { ...world.policy.policy.approvals, count: 2, expiresAfterHours: 1 };
  world.setRules('fix', { approvals });
  const task = await storedTask(world, 'awaiting-approval');
  await settleTask(world.context, task.id);
  await say(world, 'ada');
  await publish(world);
  return { world, task };
}

async function say(world: World, login: string): Promise<void> {
  await handleTrigger(world.context, world.comment(login, '/sallyport approve'));
}

async function publish(world: World): Promise<void> {
  for (const { taskId } of world.publish.jobs.values()) await settleTask(world.context, taskId);
  world.publish.jobs.clear();
}

function summary(world: World, { checkRunId }: Task): string {
  return world.github.runs.get(checkRunId ?? 0)?.output.summary ?? '';
}

const told = (world: World) =>
  world.ledger.types().filter((type) => type === 'gate.write.approval-expired').length;

describe('an approval that gets too old while the patch waits', () => {
  it('is told in the check, once', async () => {
    const { world, task } = await half();
    expect(summary(world, task)).toContain('2 people have to approve; 1 did.');
    await world.clock.advance(hourMs);
    await tellExpired(world.context);
    expect(told(world)).toBe(0);
    await world.clock.advance(1);
    await tellExpired(world.context);
    await tellExpired(world.context);
    expect([told(world), world.publish.jobs.size]).toEqual([1, 1]);
    await publish(world);
    expect(summary(world, task)).toContain('2 people have to approve; 0 did. Approvals of 1 are');
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
  });

  it('may be given again, and is told again when that one is too old', async () => {
    const { world, task } = await half();
    await world.clock.advance(hourMs + 1);
    await tellExpired(world.context);
    await say(world, 'ada');
    await publish(world);
    expect(summary(world, task)).toMatch(/2 people have to approve; 1 did\.(?! Approvals)/);
    await world.clock.advance(hourMs + 1);
    await tellExpired(world.context);
    expect(told(world)).toBe(2);
  });

  it('comes again when the process dies before it is told', async () => {
    const { world } = await half();
    await world.clock.advance(hourMs + 1);
    world.store.faults.plan({ method: 'tasks.patch', nth: 1, when: 'before' });
    await expect(tellExpired(world.context)).rejects.toThrow('planned');
    await tellExpired(world.context);
    expect(world.publish.jobs.size).toBe(1);
  });

  it('does not hold up others where the policy of one is gone', async () => {
    const { world } = await half();
    await storedTask(world, 'awaiting-approval', { cause: 'other' });
    await world.clock.advance(hourMs + 1);
    let asked = 0;
    const byDigest: World['policies']['byDigest'] = async () => {
      asked += 1;
      throw new SallyportError('store.corrupt', 'gone');
    };
    await tellExpired({ ...world.context, policies: { ...world.policies, byDigest } });
    expect([asked, told(world)]).toEqual([2, 0]);
  });
});
