import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { Postponed } from '../../../src/ports/queue.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import {
  addIssue,
  issueNumber,
  issueTask,
  openIssue,
  sayOnIssue,
  told,
} from '../../support/fakes/issue-scene.ts';
import { baseSha, newerSha, repository, World } from '../../support/fakes/world.ts';
import { write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

function issueWorld(): World {
  const world = new World();
  addIssue(world);
  return world;
}

function tasksOf(world: World): Task[] {
  return [...world.store.tasks.rows.values()].filter(
    ({ pullRequest }) => pullRequest === issueNumber,
  );
}

describe('a fix that is asked for on an issue', () => {
  it('is planned on the default branch, queued and told, and has no check run', async () => {
    const world = issueWorld();
    await sayOnIssue(world, 'contributor', '/sallyport fix the typo');
    expect(tasksOf(world)).toMatchObject([
      {
        name: 'fix',
        kind: 'fix',
        state: 'queued',
        subjectKind: 'issue',
        headSha: baseSha,
        baseSha,
        instructions: 'the typo',
        checkRunId: null,
      },
    ]);
    expect(world.tasks.jobs.size).toBe(1);
    expect(world.github.runs.size).toBe(0);
    expect(told(world)).toContain('**fix: Queued.**');
  });

  it('is one task and one comment, also when the delivery is handled again', async () => {
    const world = issueWorld();
    world.github.faults.plan({ method: 'conversations.comment', nth: 1, when: 'after' });
    const comment = world.comment('contributor', '/sallyport fix');
    const trigger = { ...comment, number: issueNumber, isPullRequest: false };
    await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
    await handleTrigger(world.context, trigger);
    expect(tasksOf(world)).toHaveLength(1);
    expect(world.github.comments).toHaveLength(1);
    expect(world.tasks.jobs.size).toBe(1);
  });

  it.each([
    ['stranger', '/sallyport fix', 'It takes `write` permission'],
    ['reader', '/sallyport fix', 'It takes `write` permission'],
    ['contributor', '/sallyport review', '`review` is for pull requests; this is an issue.'],
    ['contributor', '/sallyport run fix', '`run` is for pull requests'],
    ['contributor', '/sallyport pause', '`pause` is for pull requests'],
    ['contributor', '/sallyport resume', '`resume` is for pull requests'],
    ['contributor', '/sallyport explain', '`explain` is for pull requests'],
    [
      'contributor',
      '/sallyport docs',
      'On an issue `fix` is the one task that starts, besides triage.',
    ],
    ['contributor', '/sallyport approve', 'Nothing is waiting'],
    ['contributor', '/sallyport retry', 'No task here ended without success.'],
  ])('is not what %s gets by %s', async (login, body, answer) => {
    const world = issueWorld();
    world.policy = withTask(world, 'docs');
    await sayOnIssue(world, login, body);
    expect(told(world)).toContain(answer);
    expect(tasksOf(world)).toEqual([]);
  });

  it.each([
    ['closed', { state: 'closed' }, 'This issue is closed.'],
    ['a pull request by now', { isPullRequest: true }, 'This issue is closed.'],
  ] as const)('is refused where the issue is %s', async (_what, change, answer) => {
    const world = issueWorld();
    world.github.issues.known.set(issueNumber, { ...openIssue, ...change });
    await sayOnIssue(world, 'contributor', '/sallyport fix');
    expect(told(world)).toContain(answer);
    expect(tasksOf(world)).toEqual([]);
  });

  it('is refused where the policy lets no patch through', async () => {
    const world = issueWorld();
    const { outputs } = rulesIn(world);
    world.setRules('fix', { outputs: { ...outputs, patch: 'none' } });
    await sayOnIssue(world, 'contributor', '/sallyport fix');
    expect(told(world)).toContain('The policy lets no patch of this task through.');
    expect(tasksOf(world)).toEqual([]);
  });

  it('gives whoever opened the issue no say', async () => {
    const world = issueWorld();
    world.setRules('fix', { run: [{ author: true }] });
    await sayOnIssue(world, 'stranger', '/sallyport fix');
    await sayOnIssue(world, 'contributor', '/sallyport fix');
    expect(tasksOf(world)).toEqual([]);
  });

  it('replaces an older one, whatever the default branch has got meanwhile', async () => {
    const world = issueWorld();
    await sayOnIssue(world, 'contributor', '/sallyport fix');
    await world.clock.advance(1_000);
    world.github.branches.set(`${repository.repositoryId}:main`, {
      sha: newerSha,
      message: '',
      parents: [],
      files: new Map(),
    });
    await sayOnIssue(world, 'contributor', '/sallyport fix more');
    const [older, newer] = tasksOf(world);
    expect([older?.state, newer?.state]).toEqual(['superseded', 'queued']);
    expect(older?.reason).toBe(`superseded by ${newer?.id}`);
    expect(newer?.headSha).toBe(newerSha);
  });

  it('can be cancelled, and run again on the present head', async () => {
    const world = issueWorld();
    await sayOnIssue(world, 'contributor', '/sallyport fix the typo');
    const [{ id }] = tasksOf(world) as [Task];
    await sayOnIssue(world, 'contributor', '/sallyport cancel');
    await settleTask(world.context, id);
    expect(told(world)).toContain('**fix: Cancelled by command.**');
    await world.clock.advance(1_000);
    await sayOnIssue(world, 'contributor', '/sallyport retry');
    const [, again] = tasksOf(world);
    expect(again).toMatchObject({
      state: 'queued',
      instructions: 'the typo',
      subjectKind: 'issue',
    });
  });

  it('is in the table of `status`, and `help` names what there is on an issue', async () => {
    const world = issueWorld();
    await issueTask(world, 'awaiting-approval');
    await sayOnIssue(world, 'contributor', '/sallyport status');
    expect(told(world)).toContain('write: waits for approval');
    await sayOnIssue(world, 'contributor', '/sallyport help');
    const [help] = told(world).split('<details>');
    expect(help).toContain('opened as a pull request');
    expect(help).toContain('Tasks that you may start here: `fix`.');
    expect(help).not.toMatch(/pause|explain|review/);
  });
});

describe('what becomes of a task of an issue', () => {
  it('waits for approval, told with files, sizes, digest and the command', async () => {
    const world = issueWorld();
    const task = await issueTask(world, 'publishing');
    await settleTask(world.context, task.id);
    expect(world.store.tasks.rows.get(task.id)).toMatchObject({
      state: 'awaiting-approval',
      checkConcluded: true,
    });
    for (const words of [
      '**fix: Patch for 1 file waits for approval.**',
      `\`/sallyport approve ${task.id}\` opens it as a draft pull request`,
      '- `src/a.js`: 4 bytes → 4 bytes',
      `Patch: \`${task.patchDigest}\``,
      '+new',
      'It takes `write` permission',
    ]) {
      expect(told(world)).toContain(words);
    }
    expect(world.github.runs.size).toBe(0);
    expect(world.ledger.types()).toEqual(['task.awaiting-approval', 'report.published']);
  });

  it('is told to have nothing to propose', async () => {
    const world = issueWorld();
    const task = await issueTask(world, 'publishing', { files: {} });
    await settleTask(world.context, task.id);
    expect(world.store.tasks.rows.get(task.id)?.state).toBe('done');
    expect(told(world)).toContain('**fix: No fix proposed.**');
    expect(told(world)).not.toContain('/sallyport approve');
  });

  it('is told when the gate lets it not through, with the reason', async () => {
    const world = issueWorld();
    const task = await issueTask(world, 'publishing', { files: { '.github/x.yml': 'on: push\n' } });
    await settleTask(world.context, task.id);
    expect(told(world)).toContain('not let through');
    expect(told(world)).toContain('is protected by');
    expect(told(world)).not.toContain('/sallyport approve');
  });

  it.each([
    ['failed', 'limit:memory', 'Memory limit reached'],
    ['timed-out', 'limit:wall-clock', 'Time limit reached'],
    ['failed', 'incident:secret-in-output', 'Secret in the output'],
  ] as const)('%s with %s is told with its reason', async (state, reason, title) => {
    const world = issueWorld();
    const task = await issueTask(world, state, { task: { reason } });
    await settleTask(world.context, task.id);
    expect(told(world)).toContain(`**fix: ${title}.**`);
    expect(told(world)).toContain(reason);
    expect(world.store.tasks.rows.get(task.id)?.checkConcluded).toBe(true);
  });

  it('is not told again and again where the conversation is locked', async () => {
    const world = issueWorld();
    const task = await issueTask(world, 'publishing');
    const error = new SallyportError('github.forbidden', 'locked');
    world.github.faults.plan({ method: 'conversations.comment', nth: 1, when: 'before', error });
    await settleTask(world.context, task.id);
    expect(told(world)).toBe('');
    expect(world.store.tasks.rows.get(task.id)?.checkConcluded).toBe(true);
  });
});

describe('a task of an issue on a runner', () => {
  async function queued(scene: RunnerScene): Promise<Task> {
    addIssue(scene.world);
    const nothingYet = { outcomeDigest: null, patchDigest: null };
    return issueTask(scene.world, 'queued', { task: nothingYet });
  }

  it('is told to run, works on every file, and ends without a check', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = answers({ changes: [write('src/a.js', 4)] }, 'new\n');
    const task = await queued(scene);
    await scene.run(task);
    expect(told(scene.world)).toContain('**fix: Fix running.**');
    await settleTask(scene.world.context, task.id);
    expect((await scene.now(task)).state).toBe('awaiting-approval');
    expect(told(scene.world)).toContain('waits for approval');
    expect(scene.world.github.runs.size).toBe(0);
  });

  it('is told why it waits, where the policy lets no more run', async () => {
    const scene = new RunnerScene();
    const task = await queued(scene);
    const { policy, digest } = scene.world.policy;
    const concurrency = { ...policy.concurrency, perRepository: 0 };
    scene.world.policy = { policy: { ...policy, concurrency }, digest };
    await expect(scene.run(task)).rejects.toBeInstanceOf(Postponed);
    expect(told(scene.world)).toContain('**fix: Waiting.**');
  });

  it('runs also where GitHub does not take the word', async () => {
    const scene = new RunnerScene();
    const task = await queued(scene);
    scene.world.github.faults.plan({ method: 'conversations.comment', nth: 1, when: 'before' });
    await scene.run(task);
    expect((await scene.now(task)).state).toBe('publishing');
  });

  it('is told to have met a fault that no retry can change', async () => {
    const world = issueWorld();
    const task = await issueTask(world, 'done', { task: { outcomeDigest: digestOf('gone') } });
    await settleTask(world.context, task.id);
    expect(told(world)).toContain('report:store.corrupt');
    expect(world.store.tasks.rows.get(task.id)?.checkConcluded).toBe(true);
    expect(world.github.runs.size).toBe(0);
  });
});

function rulesIn(world: World): EffectiveTask {
  const rules = world.policy.policy.tasks['fix'];
  if (rules === undefined) throw new Error('the policy has no fix');
  return rules;
}

function withTask(world: World, name: string): World['policy'] {
  const { policy, digest } = world.policy;
  return { policy: { ...policy, tasks: { ...policy.tasks, [name]: rulesIn(world) } }, digest };
}
