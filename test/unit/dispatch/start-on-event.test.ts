import { describe, expect, it } from 'vitest';
import { issueBranch } from '../../../src/approval/read-subject.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { CommitSha, taskIdFor } from '../../../src/domain/ids.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import type { CheckRuns } from '../../../src/ports/check-runs.ts';
import { setBranch, storedTask } from '../../support/fakes/fix-scene.ts';
import { addIssue, issueTask } from '../../support/fakes/issue-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

function setTriggers(world: World, change: Partial<EffectiveTask['triggers']>): void {
  const { triggers } = rulesOf(world.policy.policy, 'review');
  world.setRules('review', { triggers: { ...triggers, ...change } });
}

function conclusions(world: World): readonly (readonly [string, string])[] {
  return [...world.github.runs.values()].map(({ name, state }) => [
    name,
    state.status === 'completed' ? state.conclusion : state.status,
  ]);
}

/** A check that does not pass, of pull request 99, which has the same head. */
async function ofAnother(
  world: World,
  externalId: string,
  create: CheckRuns['create'] = (...made) => world.github.checkRuns.create(...made),
): Promise<void> {
  if (externalId.startsWith('t')) {
    const task = { pullRequest: 99 };
    const { checkRunId } = await storedTask(world, 'done', {
      kind: 'review',
      cause: 'another',
      task,
    });
    world.github.runs.delete(checkRunId ?? 0);
  }
  const state = { status: 'completed', conclusion: 'action_required' } as const;
  const output = { title: 'Waits', summary: 'Waits.' };
  await create(repository, { name: 'sallyport', headSha, externalId, state, output });
}

describe('a pull request that starts nothing', () => {
  it.each([
    ['for its paths', { paths: ['docs/**'] }, {}],
    ['since no path of it counts', { ignorePaths: ['src/**'] }, {}],
    ['for its base', { branches: ['release/*'] }, {}],
    ['for a label', { labels: { any: [], none: ['wip'] } }, { labels: ['WIP'] }],
    ['for want of a label', { labels: { any: ['review me'], none: [] } }, {}],
  ] as const)('%s has a skipped check that says by which rule', async (_why, triggers, pull) => {
    const world = new World();
    world.setPull(pull);
    setTriggers(world, structuredClone(triggers) as unknown as Partial<EffectiveTask['triggers']>);
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await tasksOf(world)).toEqual([]);
    expect(conclusions(world)).toEqual([['sallyport', 'skipped']]);
    expect([...world.github.runs.values()][0]?.output.summary).toContain('tasks.review.triggers.');
  });

  it('has no check of a task that was made one of triage: nothing passes for its review', async () => {
    const world = new World();
    world.setRules('review', { purpose: 'triage' });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect([await tasksOf(world), conclusions(world)]).toEqual([[], []]);
  });

  it('can be concluded as a success instead', async () => {
    const world = new World();
    const { conclusion } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { conclusion: { ...conclusion, skipped: 'success' } });
    setTriggers(world, { paths: ['docs/**'] });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(conclusions(world)).toEqual([['sallyport', 'success']]);
  });

  it('as a draft has a check that passes nothing, until it is ready', async () => {
    const world = new World();
    setTriggers(world, { paths: ['docs/**'] });
    world.setPull({ isDraft: true });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(conclusions(world)).toEqual([['sallyport', 'action_required']]);
    expect([...world.github.runs.values()][0]?.output.summary).toContain('triggers.drafts');
    world.setPull({ isDraft: false });
    await handleTrigger(world.context, world.pullRequest('ready_for_review'));
    expect(conclusions(world).at(-1)).toEqual(['sallyport', 'skipped']);
  });

  it('is not shown as skipped where it was refused, and is where the policy was at fault', async () => {
    const world = new World();
    world.setPull({ isFork: true, authorLogin: 'reader' });
    world.setRules('review', { forks: 'refuse' });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(conclusions(world)).toEqual([['sallyport', 'failure']]);
    setTriggers(world, { labels: { any: [], none: ['no-review'] } });
    world.setPull({ isFork: true, authorLogin: 'reader', labels: ['no-review'] });
    await handleTrigger(world.context, world.pullRequest('reopened'));
    expect(new Set(conclusions(world).map(([, what]) => what))).toEqual(new Set(['failure']));
    const other = new World();
    setTriggers(other, { paths: ['docs/**'] });
    other.faults = [];
    await handleTrigger(other.context, other.pullRequest('opened'));
    other.faults = undefined;
    await handleTrigger(other.context, other.pullRequest('reopened'));
    expect(conclusions(other).map(([, what]) => what)).toEqual(['failure', 'skipped']);
  });

  it('is not shown as skipped over a check that was there', async () => {
    const world = new World();
    await storedTask(world, 'failed', { kind: 'review' });
    setTriggers(world, { labels: { any: [], none: ['no-review'] } });
    world.setPull({ labels: ['no-review'] });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(conclusions(world)).toEqual([['sallyport', 'queued']]);
  });

  it.each([
    ['a review', taskIdFor('another', 'review')],
    ['a check without a task', `pull-99-${taskIdFor('another', 'unrun')}`],
  ])(
    'is not shown as skipped over %s of another pull request with this head',
    async (_what, id) => {
      const world = new World();
      await ofAnother(world, id);
      setTriggers(world, { paths: ['docs/**'] });
      await handleTrigger(world.context, world.pullRequest('opened'));
      // Nor is a draft's, which would hold the other one up.
      world.setPull({ isDraft: true });
      await handleTrigger(world.context, world.pullRequest('reopened'));
      expect(conclusions(world)).toEqual([['sallyport', 'action_required']]);
    },
  );

  it('does not pass where another with this head comes at the same time', async () => {
    const world = new World();
    setTriggers(world, { paths: ['docs/**'] });
    const { checkRuns } = world.github;
    const create = checkRuns.create.bind(checkRuns);
    checkRuns.create = async (...made) => {
      await ofAnother(world, `pull-99-${taskIdFor('another', 'unrun')}`, create);
      return create(...made);
    };
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(conclusions(world)).toEqual([
      ['sallyport', 'action_required'],
      ['sallyport', 'action_required'],
    ]);
  });

  it('has no check for an event that the policy does not name', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect(conclusions(world)).toEqual([]);
    setTriggers(world, { events: ['labeled'] });
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect(await tasksOf(world)).toMatchObject([{ name: 'review', isAutomatic: true }]);
  });

  it('is asked for its files only where the policy looks at them, and too many stop nothing', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(world.github.faults.count('pullRequests.changedPaths')).toBe(0);
    const other = new World();
    other.github.changed = null;
    setTriggers(other, { paths: ['docs/**'] });
    await handleTrigger(other.context, other.pullRequest('opened'));
    expect(await tasksOf(other)).toHaveLength(1);
  });
});

describe('a fork where the policy refuses forks', () => {
  it('runs nothing, by itself or by command, and its check does not pass', async () => {
    const world = new World();
    world.setPull({ isFork: true });
    world.setRules('review', { forks: 'refuse' });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(conclusions(world)).toEqual([['sallyport', 'failure']]);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    expect(world.github.comments.at(-1)?.body).toContain('nothing for pull requests from forks');
    expect(await tasksOf(world)).toEqual([]);
  });
});

describe('a head that is Sallyport’s own commit', () => {
  async function ownCommit(world: World, sha = newerSha, task: Partial<Task> = {}): Promise<void> {
    const made = await storedTask(world, 'done', { cause: sha, task });
    await world.store.steps.begin(made.id, 'commit');
    await world.store.steps.finish(made.id, 'commit', sha);
    setBranch(world, { sha });
  }

  function setLoop(world: World, loop: { rounds: number; chainDepth: number }): void {
    const { policy, digest } = world.policy;
    world.policy = { policy: { ...policy, loop }, digest };
  }

  it('is reviewed as any other, within the limits of a loop', async () => {
    const world = new World();
    await ownCommit(world);
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect((await tasksOf(world)).filter(({ name }) => name === 'review')).toHaveLength(1);
  });

  it.each([
    ['none follows', { rounds: 3, chainDepth: 0 }, 1, false],
    ['two began by themselves', { rounds: 9, chainDepth: 1 }, 2, true],
    ['there were as many rounds', { rounds: 1, chainDepth: 9 }, 2, false],
  ])('starts no more where %s', async (_what, loop, commits, isAutomatic) => {
    const world = new World();
    setLoop(world, loop);
    const first = CommitSha.parse('e'.repeat(40));
    if (commits === 2) await ownCommit(world, first, { isAutomatic });
    await ownCommit(world, newerSha, { headSha: first, isAutomatic });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect((await tasksOf(world)).filter(({ name }) => name === 'review')).toEqual([]);
    expect(conclusions(world).at(-1)).toEqual(['sallyport', 'action_required']);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    expect((await tasksOf(world)).filter(({ name }) => name === 'review')).toHaveLength(1);
  });

  /** The pull request comes from the branch of a task of an issue that is about another commit. */
  async function ownPull(world: World, committed = newerSha): Promise<void> {
    addIssue(world);
    const made = await issueTask(world, 'done', { cause: 'issue' });
    await world.store.steps.finish(made.id, 'commit', committed);
    setBranch(world, { sha: newerSha });
    world.setPull({ headRef: issueBranch(made), authorLogin: 'sallyport[bot]' });
    world.setRole('sallyport[bot]', 'write');
  }

  async function reviews(world: World) {
    return (await tasksOf(world)).filter(({ name }) => name === 'review');
  }

  it('is one too at the start of a pull request that was opened for an issue', async () => {
    const world = new World();
    setLoop(world, { rounds: 3, chainDepth: 0 });
    await ownPull(world);
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await reviews(world)).toEqual([]);
    expect(conclusions(world).at(-1)).toEqual(['sallyport', 'action_required']);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    expect(await reviews(world)).toHaveLength(1);
  });

  it.each([
    ['the commit is not the one that was made', {}, headSha],
    ['the branch is of a fork', { isFork: true }, newerSha],
    ['the branch only looks like it', { headRef: 'sallyport/issue-30-t0000000' }, newerSha],
    ['the branch names no issue', { headRef: 'feature' }, newerSha],
  ] as const)('is none where %s', async (_what, change, committed) => {
    const world = new World();
    setLoop(world, { rounds: 1, chainDepth: 0 });
    await ownPull(world, committed);
    world.setPull(change);
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await reviews(world)).toHaveLength(1);
  });

  it('is nobody’s loop when somebody else has pushed since', async () => {
    const world = new World();
    setLoop(world, { rounds: 1, chainDepth: 0 });
    await ownCommit(world);
    setBranch(world, { sha: headSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect((await tasksOf(world)).filter(({ name }) => name === 'review')).toHaveLength(1);
  });
});

describe('a task of the policy', () => {
  it.each(['run docs', 'docs'])('is started by its name: %s', async (command) => {
    const world = new World();
    const { policy, digest } = world.policy;
    const tasks = { ...policy.tasks, docs: rulesOf(policy, 'fix') };
    world.policy = { policy: { ...policy, tasks }, digest };
    await handleTrigger(world.context, world.comment('maintainer', `/sallyport ${command}`));
    expect(await tasksOf(world)).toMatchObject([{ name: 'docs', kind: 'fix', state: 'queued' }]);
    expect(conclusions(world)).toEqual([['sallyport docs', 'queued']]);
    await handleTrigger(world.context, world.comment('stranger', `/sallyport ${command}`));
    expect(await tasksOf(world)).toHaveLength(1);
  });
});

describe('commands in their short form', () => {
  it.each([
    [true, 1],
    [false, 0],
  ])('are taken where the policy says so: %s', async (short, count) => {
    const world = new World();
    const { policy, digest } = world.policy;
    world.policy = { policy: { ...policy, commands: { short } }, digest };
    await handleTrigger(world.context, world.comment('maintainer', '/review'));
    expect(await tasksOf(world)).toHaveLength(count);
  });
});
