import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { PullRequestEvent } from '../../../src/policy/document/triggers.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { say } from '../../support/fakes/say.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

async function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

describe('pause and resume', () => {
  it('stops what starts by itself and not what is asked for', async () => {
    const world = new World();
    await say(world, 'maintainer', '/sallyport pause');
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(await tasksOf(world)).toEqual([]);
    expect(world.ledger.types()).toContain('delivery.paused');
    await say(world, 'maintainer', '/sallyport review');
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('reviews on resume what was pushed meanwhile', async () => {
    const world = new World();
    await say(world, 'maintainer', '/sallyport pause');
    world.setPull({ headSha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    await say(world, 'maintainer', '/sallyport resume');
    expect(await tasksOf(world)).toMatchObject([{ kind: 'review', headSha: newerSha }]);
    await world.clock.advance(1_000);
    await say(world, 'maintainer', '/sallyport resume');
    expect(await tasksOf(world)).toHaveLength(1);
  });

  /** What GitHub shows of each name on a head. */
  function shown(world: World, head = newerSha): Record<string, unknown> {
    const runs = [...world.github.runs.values()].filter((run) => run.headSha === head);
    const last = runs.map(({ name, state }) => [
      name,
      state.status === 'completed' ? state.conclusion : state.status,
    ]);
    return Object.fromEntries(last) as Record<string, unknown>;
  }

  async function pausedPush(action: 'opened' | 'synchronize', events?: PullRequestEvent[]) {
    const world = new World();
    const { triggers } = rulesOf(world.policy.policy, 'review');
    if (events !== undefined) world.setRules('review', { triggers: { ...triggers, events } });
    await say(world, 'maintainer', '/sallyport pause');
    world.setPull({ headSha: newerSha });
    await handleTrigger(world.context, world.pullRequest(action));
    return world;
  }

  it('leaves no required check missing: it asks for a command, once', async () => {
    const world = await pausedPush('synchronize');
    await handleTrigger(world.context, world.pullRequest('opened'));
    await handleTrigger(world.context, world.pullRequest('reopened'));
    expect(shown(world)).toEqual({ sallyport: 'action_required' });
    expect(world.github.runs.size).toBe(1);
    const [run] = world.github.runs.values();
    expect(run?.output.summary).toContain('/sallyport resume');
  });

  it.each(['/sallyport resume', '/sallyport review'])('%s takes its place', async (words) => {
    const world = await pausedPush('synchronize');
    await world.clock.advance(1_000);
    await say(world, 'maintainer', words);
    expect(shown(world)).toEqual({ sallyport: 'queued' });
  });

  it('makes up on resume for an event that a push is not', async () => {
    const world = await pausedPush('opened', ['opened']);
    await say(world, 'maintainer', '/sallyport resume');
    expect(await tasksOf(world)).toMatchObject([{ kind: 'review', headSha: newerSha }]);
  });

  it('a re-run of its check starts what would have started', async () => {
    const world = await pausedPush('opened', ['opened']);
    const [run] = world.github.runs.values();
    const { id: checkRunId = 0, externalId = '' } = run ?? {};
    const what = { type: 'check-rerequested', checkRunId, externalId, headSha: newerSha } as const;
    const sender = world.person('maintainer');
    await handleTrigger(world.context, { ...world.byGitHub(), repository, sender, ...what });
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('says nothing over a check that is there, or of what would not start anyway', async () => {
    const world = new World();
    await storedTask(world, 'failed', { kind: 'review' });
    await say(world, 'maintainer', '/sallyport pause');
    await handleTrigger(world.context, world.pullRequest('reopened'));
    expect(shown(world, headSha)).toEqual({ sallyport: 'queued' });
    world.setPull({ headSha: newerSha, isDraft: true });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(shown(world)).toEqual({ sallyport: 'action_required' });
    const run = [...world.github.runs.values()].find((one) => one.headSha === newerSha);
    expect(run?.output.title).toBe('Starts when ready for review');
  });

  it('still ends the tasks of a pull request that is closed', async () => {
    const world = new World();
    await storedTask(world, 'running');
    await say(world, 'maintainer', '/sallyport pause');
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.pullRequest('closed'));
    expect(await tasksOf(world)).toMatchObject([{ state: 'cancelled' }]);
  });

  it.each(['pause', 'resume'])('%s is refused to who may not', async (name) => {
    const world = new World();
    expect(await say(world, 'reader', `/sallyport ${name}`)).toContain('`write` permission');
    expect(world.ledger.types().join()).not.toMatch(/paused|resumed/);
  });
});
