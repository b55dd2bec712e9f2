import { describe, expect, it } from 'vitest';
import { ModelMeters } from '../../../src/broker/model-meters.ts';
import { LiveBudget } from '../../../src/dispatch/live-budget.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Budgets } from '../../../src/policy/document/budgets.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

const route = { id: 'm', limits: { tokens: 1_000_000, costMicroUsd: 1_000_000 } };
const dayMs = 86_400_000;

/** A task that runs under these budgets, and what it uses of models. */
async function running(world: World, cause: string, budgets: Budgets, more: Partial<Task> = {}) {
  const task = await storedTask(world, 'running', { cause, task: more });
  const { policy } = world.policy;
  const live = new LiveBudget(world.context, task, { ...policy, budgets });
  await live.open();
  return { task, live, models: new ModelMeters(live) };
}

describe('a budget that running tasks share', () => {
  it('counts a task’s own use at once: its answer is cut and no other follows', async () => {
    const { models, live } = await running(new World(), 'a', { perRepository: { tokens: 100 } });
    models.request(route);
    models.add(route, { tokens: 100, costMicroUsd: 1 });
    expect(live.left()).toEqual({ tokens: 0, costMicroUsd: null, requests: null });
    expect(() => models.add(route, { tokens: 1, costMicroUsd: 0 })).toThrow(
      'budget:perRepository.tokens',
    );
    expect(() => models.request(route)).toThrow('budget:perRepository.tokens');
    expect(models.reached()).toBe('budget:perRepository.tokens');
    await live.close();
  });

  it('counts what another task uses meanwhile', async () => {
    const world = new World();
    const budgets = { perOrganisation: { costMicroUsd: 50 } };
    const [one, two] = [await running(world, 'a', budgets), await running(world, 'b', budgets)];
    one.models.request(route);
    two.models.request(route);
    one.models.add(route, { tokens: 5, costMicroUsd: 45 });
    expect(two.live.left().costMicroUsd).toBe(50);
    await world.clock.advance(2_000);
    expect(two.live.left().costMicroUsd).toBe(5);
    expect(() => two.models.add(route, { tokens: 1, costMicroUsd: 6 })).toThrow(
      'budget:perOrganisation.costMicroUsd',
    );
    await world.clock.advance(2_000);
    expect(() => one.models.request(route)).toThrow('budget:perOrganisation.costMicroUsd');
    await Promise.all([one.live.close(), two.live.close()]);
  });

  it.each<[string, Partial<Task>, number]>([
    ['of the pull request', {}, 7],
    ['of another pull request not', { pullRequest: 99 }, 10],
  ])('counts by whose it is: %s', async (_, more, left) => {
    const world = new World();
    const budgets = { perPullRequest: { requests: 10 } };
    const one = await running(world, 'a', budgets);
    for (let sent = 0; sent < 3; sent += 1) one.models.request(route);
    await world.clock.advance(1_000);
    const two = await running(world, 'b', budgets, more);
    expect(two.live.left().requests).toBe(left);
    await Promise.all([one.live.close(), two.live.close()]);
  });

  it('lets the last request that it has room for be answered', async () => {
    const { models, live } = await running(new World(), 'a', { perRepository: { requests: 1 } });
    models.request(route);
    models.add(route, { tokens: 9, costMicroUsd: 9 });
    expect(() => models.request(route)).toThrow('budget:perRepository.requests');
    await live.close();
  });

  it('has no room while nobody knows what others use, and room again when they are heard', async () => {
    const world = new World();
    const { models, live } = await running(world, 'a', { perRepository: { tokens: 100 } });
    const sum = world.store.usage.sum.bind(world.store.usage);
    world.store.usage.sum = () => Promise.reject(new Error('away'));
    await world.clock.advance(29_000);
    models.request(route);
    await world.clock.advance(5_000);
    expect(live.full()).toBe('budget:unread');
    world.store.usage.sum = sum;
    await world.clock.advance(1_000);
    expect(live.full()).toBeUndefined();
    await live.close();
  });

  it('does not begin when it cannot be read', async () => {
    const world = new World();
    world.store.usage.sum = () => Promise.reject(new Error('away'));
    await expect(running(world, 'a', { perRepository: { tokens: 1 } })).rejects.toThrow('away');
  });

  it('begins anew at midnight for what others used', async () => {
    const world = new World();
    const budgets = { perRepository: { tokens: 100 } };
    const one = await running(world, 'a', budgets);
    one.models.add(route, { tokens: 60, costMicroUsd: 0 });
    await world.clock.advance(1_000);
    await one.live.close();
    const two = await running(world, 'b', budgets);
    two.models.add(route, { tokens: 10, costMicroUsd: 0 });
    expect(two.live.left().tokens).toBe(30);
    await world.clock.advance(dayMs - (world.clock.nowMs() % dayMs) + 1_000);
    expect(two.live.left().tokens).toBe(90);
    await two.live.close();
  });

  it('is the task’s own over all its routes, whatever others use, and is read nowhere', async () => {
    const world = new World();
    const budgets = { perTask: { tokens: 100, costMicroUsd: 50, requests: 3 } };
    const [one, two] = [await running(world, 'a', budgets), await running(world, 'b', budgets)];
    const other = { ...route, id: 'other' };
    two.models.request(route);
    one.models.request(route);
    one.models.add(route, { tokens: 60, costMicroUsd: 1 });
    one.models.request(other);
    expect(one.live.left()).toEqual({ tokens: 40, costMicroUsd: 49, requests: 1 });
    expect(() => one.models.add(other, { tokens: 41, costMicroUsd: 0 })).toThrow(
      'budget:perTask.tokens',
    );
    expect(() => one.models.request(route)).toThrow('budget:perTask.tokens');
    await world.clock.advance(dayMs);
    expect(two.live.left()).toEqual({ tokens: 100, costMicroUsd: 50, requests: 2 });
    expect(two.live.full()).toBeUndefined();
    expect(world.store.usage.rows.size).toBe(0);
    await Promise.all([one.live.close(), two.live.close()]);
  });

  it('of a task goes on in its next attempt, where one was lost', async () => {
    const world = new World();
    const budgets = { perTask: { tokens: 100 }, perRepository: { tokens: 1_000 } };
    const one = await running(world, 'a', budgets);
    one.models.add(route, { tokens: 70, costMicroUsd: 0 });
    await world.clock.advance(1_000);
    await one.live.close();
    await world.clock.advance(dayMs);
    const { policy } = world.policy;
    const again = new LiveBudget(
      world.context,
      { ...one.task, attempt: one.task.attempt + 1 },
      { ...policy, budgets },
    );
    await again.open();
    expect(again.left().tokens).toBe(30);
    await again.close();
  });

  it('is neither read nor told where there is none', async () => {
    const world = new World();
    const { models, live } = await running(world, 'a', { perRepository: { tasks: 5 } });
    models.request(route);
    models.add(route, { tokens: 999, costMicroUsd: 999 });
    expect(live.left()).toEqual({ tokens: null, costMicroUsd: null, requests: null });
    expect(world.store.usage.rows.size).toBe(0);
    await live.close();
  });
});

describe('what is left of models', () => {
  it('is the least of routes and budgets, and at no time below nothing', async () => {
    const { models, live } = await running(new World(), 'a', { perRepository: { tokens: 100 } });
    const small = { id: 's', limits: { tokens: 50, costMicroUsd: 10, requests: 3 } };
    expect(models.left([small])).toEqual({ tokens: 50, costMicroUsd: 10, requests: 3 });
    expect(models.left([small, route])).toMatchObject({ tokens: 100, requests: null });
    expect(models.left([])).toMatchObject({ tokens: 0, requests: 0 });
    models.request(small);
    expect(() => models.add(small, { tokens: 0, costMicroUsd: 11 })).toThrow('limit:model-cost');
    expect(models.left([small])).toEqual({ tokens: 50, costMicroUsd: 0, requests: 2 });
    await live.close();
  });
});
