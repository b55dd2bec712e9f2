import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Actor } from '../../../src/domain/repository.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { addIssue, issueNumber, sayOnIssue, told } from '../../support/fakes/issue-scene.ts';
import { say } from '../../support/fakes/say.ts';
import { repository, type World } from '../../support/fakes/world.ts';
import { manifest } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const wants = { labels: ['bug', 'urgent', 'made-up'], answer: 'Thanks, @octocat. It is known.' };

function sceneOf(
  change: Partial<EffectiveTask['outputs']> = {},
  said: object = wants,
): RunnerScene {
  const scene = new RunnerScene();
  const { world } = scene;
  addIssue(world);
  world.github.issues.labels.push('Bug', 'made-up');
  const fix = rulesOf(world.policy.policy, 'fix');
  const outputs = { ...fix.outputs, labels: ['bug', 'urgent'], answer: 'automatic' } as const;
  const triage = {
    ...fix,
    agent: 'claude-code',
    purpose: 'triage',
    outputs: { ...outputs, ...change },
    triggers: { ...fix.triggers, issues: ['opened'] },
  } as const;
  const { policy, digest } = world.policy;
  world.policy = {
    policy: { ...policy, tasks: { ...policy.tasks, sort: triage as never } },
    digest,
  };
  scene.sandbox.behave = answers({ report: { ...manifest.report, triage: said } });
  return scene;
}

async function open(world: World, type: Actor['type'] = 'User'): Promise<void> {
  await handleTrigger(world.context, {
    type: 'issue-opened',
    deliveryId: world.nextDelivery(),
    receivedAtMs: world.clock.nowMs(),
    repository,
    sender: world.person('stranger', type),
    number: issueNumber,
  });
}

async function tasksOf({ store }: World): Promise<readonly Task[]> {
  return store.tasks.ofPullRequest(repository.repositoryId, issueNumber, TaskState.options);
}

/** Runs and settles the one task of the issue. */
async function work(scene: RunnerScene): Promise<Task> {
  const [task] = await tasksOf(scene.world);
  if (task === undefined) throw new Error('nothing was started');
  await scene.run(task);
  await settleTask(scene.world.context, task.id);
  return scene.now(task);
}

describe('the triage of a new issue', () => {
  it('puts labels that the policy names and the repository has, and gives a first answer', async () => {
    const scene = sceneOf();
    const { world } = scene;
    await open(world);
    const task = await work(scene);
    expect(task).toMatchObject({ state: 'done', kind: 'review', name: 'sort', isAutomatic: true });
    expect(scene.source.bundles[0]?.input.labels).toEqual(['bug', 'urgent']);
    expect(world.github.issues.labelled).toEqual([{ number: issueNumber, labels: ['Bug'] }]);
    expect(told(world)).toContain('Labels: `Bug`.');
    expect(told(world)).toContain('Thanks, @&#8203;octocat. It is known.');
    const row = world.ledger.entries.find(({ type }) => type === 'issue.triaged');
    expect(row?.data).toEqual({ labels: ['Bug'], refused: ['made-up'], isAnswered: true });
  });

  it('does all of it once, however often it is told and settled', async () => {
    const scene = sceneOf();
    await open(scene.world);
    await open(scene.world);
    const task = await work(scene);
    await settleTask(scene.world.context, task.id);
    await open(scene.world);
    expect(await tasksOf(scene.world)).toHaveLength(1);
    expect(scene.world.github.issues.labelled).toHaveLength(1);
    expect(scene.world.github.comments).toHaveLength(1);
  });

  it('puts labels once where the process died before it said so', async () => {
    const scene = sceneOf();
    await open(scene.world);
    const [task] = await tasksOf(scene.world);
    if (task === undefined) throw new Error('nothing was started');
    await scene.run(task);
    const { issues } = scene.world.github;
    const add = issues.addLabels.bind(issues);
    issues.addLabels = async (...wish) => {
      await add(...wish);
      throw new Error('killed');
    };
    await expect(settleTask(scene.world.context, task.id)).rejects.toThrow('killed');
    issues.addLabels = add;
    await settleTask(scene.world.context, task.id);
    expect((await scene.now(task)).state).toBe('done');
    expect(told(scene.world)).toContain('Labels: `Bug`.');
  });

  it.each([
    ['there is nothing to say', {}, { labels: ['made-up'], answer: null }],
    ['the policy lets nothing out', { labels: [], answer: 'none' as const }, wants],
  ])('is silent where %s', async (_what, change, said) => {
    const scene = sceneOf(change, said);
    await open(scene.world);
    expect((await work(scene)).state).toBe('done');
    expect(scene.world.github.issues.labelled).toEqual([]);
    expect(scene.world.github.comments).toEqual([]);
  });

  it('is silent where its sandbox fails, and where labels are not to be had', async () => {
    const scene = sceneOf();
    scene.sandbox.behave = answers({ report: null });
    await open(scene.world);
    expect((await work(scene)).state).toBe('failed');
    expect(scene.world.github.comments).toEqual([]);
  });

  it('changes no file, whatever its agent leaves', async () => {
    const scene = sceneOf();
    const changes = [{ kind: 'write', path: 'src/a.js', executable: false, bytes: 3 }];
    scene.sandbox.behave = answers(
      { changes, report: { ...manifest.report, triage: wants } },
      'no\n',
    );
    await open(scene.world);
    expect((await work(scene)).state).toBe('done');
    expect(scene.world.github.issues.opened).toEqual([]);
  });

  it('is not begun by a bot, nor on an issue that is closed, nor by a policy with faults', async () => {
    const bot = sceneOf();
    await open(bot.world, 'Bot');
    const closed = sceneOf();
    closed.world.github.issues.known.set(issueNumber, {
      number: issueNumber,
      state: 'closed',
      isPullRequest: false,
      title: '',
      body: '',
    });
    await open(closed.world);
    const faulty = sceneOf();
    faulty.world.faults = [];
    await open(faulty.world);
    const all = await Promise.all([bot, closed, faulty].map(({ world }) => tasksOf(world)));
    expect(all).toEqual([[], [], []]);
  });
});

describe('triage by command', () => {
  it('tells how it goes, also when nothing comes of it', async () => {
    const scene = sceneOf({}, { labels: [], answer: null });
    await sayOnIssue(scene.world, 'contributor', '/sallyport sort');
    expect(told(scene.world)).toContain('sort');
    await work(scene);
    expect(told(scene.world)).toContain('There is nothing to add.');
    expect(scene.world.github.issues.labelled).toEqual([]);
  });

  it('is for issues, and other tasks but a fix are not', async () => {
    const scene = sceneOf();
    expect(await say(scene.world, 'contributor', '/sallyport run sort')).toContain(
      'Triage is for issues',
    );
    await sayOnIssue(scene.world, 'contributor', '/sallyport run review');
    expect(told(scene.world)).toContain('`run` is for pull requests');
    await sayOnIssue(scene.world, 'maintainer', '/sallyport run constructor');
    expect(told(scene.world)).toContain('`run` is for pull requests');
    expect(await tasksOf(scene.world)).toEqual([]);
  });
});
