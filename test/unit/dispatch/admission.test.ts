import { describe, expect, it } from 'vitest';
import { createTask } from '../../../src/dispatch/create-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { EffectivePolicy } from '../../../src/policy/effective-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { Postponed } from '../../../src/ports/queue.ts';
import type { World } from '../../support/fakes/world.ts';
import { RunnerScene } from './runner-scene.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function setPolicy(world: World, change: Partial<EffectivePolicy>): void {
  const { policy, digest } = world.policy;
  world.policy = { policy: { ...policy, ...change }, digest };
}

/** How long the job of the task is put off, ms; undefined when it ran. */
async function putOff(scene: RunnerScene, task: Task): Promise<number | undefined> {
  try {
    await scene.run(task);
    return undefined;
  } catch (error) {
    if (error instanceof Postponed) return error.delayMs;
    throw error;
  }
}

function summaries(scene: RunnerScene): string {
  return [...scene.world.github.runs.values()].map(({ output }) => output.summary).join('\n');
}

describe('a budget that is used', () => {
  it('leaves the task queued with the reason in its check, and lets it run the next day', async () => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { budgets: { perRepository: { tasks: 1 } } });
    expect(await putOff(scene, await scene.queued())).toBeUndefined();
    const second = await scene.queued({ cause: 'second' as never });
    expect(await putOff(scene, second)).toBe(60_000);
    expect(await scene.now(second)).toMatchObject({ state: 'queued', runnerId: null });
    expect(summaries(scene)).toContain('1 of 1 tasks');
    const run = scene.world.github.runs.get(second.checkRunId ?? 0);
    expect(run?.state).toEqual({ status: 'queued' });
    await scene.world.clock.advance(dayMs);
    expect(await putOff(scene, second)).toBeUndefined();
    expect((await scene.now(second)).state).toBe('publishing');
  });

  it('is told once, and again when it is another reason', async () => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { budgets: { perRepository: { tasks: 0 } } });
    const task = await scene.queued();
    for (let times = 0; times < 3; times += 1) await putOff(scene, task);
    expect(scene.types(task).filter((type) => type === 'task.waiting')).toHaveLength(1);
    setPolicy(scene.world, { budgets: { perOrganisation: { tokens: 0 } } });
    await putOff(scene, task);
    expect(scene.types(task).filter((type) => type === 'task.waiting')).toHaveLength(2);
    expect(summaries(scene)).toContain('0 of 0 tokens');
  });

  it('counts the minutes that were run, and while a task runs all that it may', async () => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { budgets: { perPullRequest: { minutes: 5 } } });
    const first = await scene.queued();
    await scene.run(first);
    const { installationId } = first.repository;
    const { ms } = await scene.world.store.usage.sum(0, { installationId });
    expect(ms).toBeLessThan(60_000);
    expect(await putOff(scene, await scene.queued({ cause: 'second' as never }))).toBeUndefined();
    const [row] = scene.world.store.usage.rows.values();
    if (row === undefined) throw new Error('nothing was kept');
    await scene.world.store.usage.put({ ...row, ms: 5 * 60_000 });
    expect(await putOff(scene, await scene.queued({ cause: 'third' as never }))).toBe(60_000);
  });

  it('of a task’s own counts the tasks of its name alone', async () => {
    const scene = new RunnerScene();
    scene.world.setRules('fix', { budgets: { perRepository: { tasks: 1 } } });
    await scene.run(await scene.queued());
    const review = await scene.queued({ cause: 'r' as never, name: 'review', kind: 'review' });
    expect(await putOff(scene, review)).toBeUndefined();
    expect(await putOff(scene, await scene.queued({ cause: 'f' as never }))).toBe(60_000);
  });

  it('is shared by the tasks that layers below add within it', async () => {
    const scene = new RunnerScene();
    const budgets = { budgets: { perRepository: { tasks: 1 } } };
    scene.world.setRules('fix', budgets);
    const { policy } = scene.world.policy;
    const mend = { ...rulesOf(policy, 'fix'), within: 'fix' };
    setPolicy(scene.world, {
      tasks: { ...policy.tasks, mend, again: { ...mend, within: 'mend' } },
    });
    expect(await putOff(scene, await scene.queued({ name: 'mend' }))).toBeUndefined();
    expect(await putOff(scene, await scene.queued({ cause: 'f' as never }))).toBe(60_000);
    const again = await scene.queued({ cause: 'a' as never, name: 'again' });
    expect(await putOff(scene, again)).toBe(60_000);
  });

  it('does not hold up the second attempt of a task that was counted', async () => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { budgets: { perRepository: { tasks: 1 } } });
    const task = await scene.queued({ attempt: 2 });
    const { id: taskId, name: taskName, pullRequest, repository } = task;
    const { installationId, repositoryId } = repository;
    const place = { installationId, repositoryId, pullRequest };
    const atMs = scene.world.clock.nowMs();
    const used = { ms: 0, tokens: 0, costMicroUsd: 0, requests: 0, atMs };
    await scene.world.store.usage.put({ taskId, taskName, attempt: 1, ...place, ...used });
    expect(await putOff(scene, task)).toBeUndefined();
  });
});

describe('what runs at one time', () => {
  it.each([
    ['perRepository', { perRepository: 1, perOrganisation: 9 }, 'The repository has its 1 tasks'],
    ['perOrganisation', { perRepository: 9, perOrganisation: 1 }, 'The organisation has its 1'],
  ])('is bounded: %s', async (_which, concurrency, words) => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { concurrency });
    const running = await scene.queued();
    await scene.world.store.tasks.transition(running.id, ['queued'], 'preparing');
    const task = await scene.queued({ cause: 'second' as never });
    expect(await putOff(scene, task)).toBe(5_000);
    expect(summaries(scene)).toContain(words);
    await scene.world.store.tasks.transition(running.id, ['preparing'], 'failed');
    expect(await putOff(scene, task)).toBeUndefined();
  });

  it('is not passed by two that are taken at once', async () => {
    const scene = new RunnerScene();
    setPolicy(scene.world, { concurrency: { perRepository: 1, perOrganisation: 9 } });
    const tasks = [await scene.queued(), await scene.queued({ cause: 'second' as never })];
    const put = await Promise.all(tasks.map((task) => putOff(scene, task)));
    expect(put.filter((delay) => delay === undefined)).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  const always = {
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const,
    from: '00:00',
    to: '24:00',
    timeZone: 'UTC',
  };

  it('hold what starts by itself, not what somebody asked for or let run', async () => {
    const scene = new RunnerScene();
    const quietHours = [{ ...always, days: [...always.days] }];
    scene.world.setRules('fix', { quietHours });
    const automatic = await scene.queued({ isAutomatic: true });
    expect(await putOff(scene, automatic)).toBe(5_000);
    expect(summaries(scene)).toContain('Quiet hours');
    expect(await putOff(scene, await scene.queued({ cause: 'asked' as never }))).toBeUndefined();
    const { headSha, baseSha, policyDigest, id: taskId } = automatic;
    const binding = { repositoryId: 7, pullRequest: 12, headSha, baseSha, policyDigest };
    await scene.world.store.approvals.add({
      taskId,
      gate: 'run',
      decision: 'approve',
      binding: { ...binding, patchDigest: null },
      by: scene.world.person('maintainer'),
      role: 'maintain',
      via: 'button',
      atMs: 1,
    });
    expect(await putOff(scene, automatic)).toBeUndefined();
  });
});

describe('a task whose policy is not on record', () => {
  it('ends with that reason and does not wait for ever', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued({ name: 'gone' });
    expect(await putOff(scene, task)).toBeUndefined();
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: 'policy.invalid' });
  });
});

describe('what is started by itself', () => {
  it('is marked so, and what is asked for is not', async () => {
    const { world } = new RunnerScene();
    const pullRequest = [...world.github.pulls.values()][0];
    if (pullRequest === undefined) throw new Error('there is no pull request');
    const { repository } = await new RunnerScene().queued();
    const request = {
      name: 'review',
      repository,
      pullRequest,
      policy: world.policy,
      cause: world.nextDelivery(),
      requestedBy: world.person('contributor'),
      instructions: null,
      held: false,
    };
    expect((await createTask(world.context, request)).isAutomatic).toBe(false);
  });
});
