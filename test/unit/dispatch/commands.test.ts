import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { say } from '../../support/fakes/say.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

async function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

describe('what is no command', () => {
  it.each([
    ['/sallyport revew', 'Did you mean `/sallyport review`?'],
    ['/sallyport deploy', 'There is no such command.'],
    ['/sallyport run', '`/sallyport run` was not understood'],
    ['/sallyport run fxi', 'Did you mean `fix`?'],
    ['/sallyport run deploy', 'Did you mean `review` or `fix`?'],
    ['/sallyport run fix a=1', '`fix` takes no values.'],
  ])('%j is answered and starts nothing', async (body, words) => {
    const world = new World();
    expect(await say(world, 'maintainer', body)).toContain(words);
    expect(await tasksOf(world)).toEqual([]);
    expect(world.github.reactions.map((one) => one.content)).toEqual(['eyes', 'confused']);
  });

  it('may have meant a task of the policy, unless no command starts that', async () => {
    const world = new World();
    const { policy } = world.policy;
    const docs = rulesOf(policy, 'review');
    world.policy = { ...world.policy, policy: { ...policy, tasks: { ...policy.tasks, docs } } };
    expect(await say(world, 'maintainer', '/sallyport dosc')).toContain(
      'you mean `/sallyport docs`?',
    );
    world.setRules('docs', { enabled: false });
    expect(await say(world, 'maintainer', '/sallyport dosc')).not.toContain('you mean');
    expect(await tasksOf(world)).toEqual([]);
  });
});

describe('a comment with more commands than are taken', () => {
  it('is told that the rest was left alone', async () => {
    const world = new World();
    const text = await say(world, 'maintainer', `${'/sallyport status\n'.repeat(5)}/sallyport fix`);
    expect(text).toContain('At most 5 commands of one comment are taken.');
    expect(await tasksOf(world)).toEqual([]);
  });
});

describe('several commands in one comment', () => {
  it('are each answered, and each once', async () => {
    const world = new World();
    const trigger = world.comment('maintainer', '/sallyport status\n/sallyport explain');
    await handleTrigger(world.context, trigger);
    const before = JSON.stringify(world.github.comments);
    expect(before).toContain('No task has been planned here.');
    expect(before).toContain('Gate 1:');
    await handleTrigger(world.context, trigger);
    expect(JSON.stringify(world.github.comments)).toBe(before);
  });
});

describe('run', () => {
  it('starts a task by its name', async () => {
    const world = new World();
    await say(world, 'maintainer', '/sallyport run fix');
    expect(await tasksOf(world)).toMatchObject([{ kind: 'fix', state: 'queued' }]);
  });

  it('is refused to who may not', async () => {
    const world = new World();
    expect(await say(world, 'reader', '/sallyport run fix')).toContain('`write` permission');
    expect(await tasksOf(world)).toEqual([]);
  });
});

describe('cancel', () => {
  it('ends what is live, and says so in ledger and check', async () => {
    const world = new World();
    await say(world, 'maintainer', '/sallyport review\n/sallyport fix');
    expect(await say(world, 'maintainer', '/sallyport cancel')).toContain('Cancelled: `fix`');
    expect((await tasksOf(world)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(world.ledger.types().filter((type) => type === 'task.ended')).toHaveLength(2);
  });

  it('ends the named one alone', async () => {
    const world = new World();
    await say(world, 'maintainer', '/sallyport review\n/sallyport fix');
    await say(world, 'maintainer', '/sallyport cancel fix');
    expect((await tasksOf(world)).map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      'fix cancelled',
      'review queued',
    ]);
  });

  it('is open to who asked for the task, whatever they may do now', async () => {
    const world = new World();
    const mine = await storedTask(world, 'running', { cause: 'mine' });
    const other = { requestedBy: world.person('maintainer') };
    const theirs = await storedTask(world, 'running', { cause: 'theirs', task: other });
    world.setRole('contributor', 'read');
    await say(world, 'contributor', '/sallyport cancel');
    expect(await storedNow(world, mine)).toMatchObject({
      state: 'cancelled',
      reason: 'command:cancelled by contributor',
    });
    expect(await storedNow(world, theirs)).toMatchObject({ state: 'running' });
  });

  it.each(['reader', 'stranger'])('is refused to %s', async (login) => {
    const world = new World();
    const task = await storedTask(world, 'running');
    expect(await say(world, login, '/sallyport cancel')).toContain('`write` permission or more');
    expect(await storedNow(world, task)).toMatchObject({ state: 'running' });
  });

  it('breaks off no commit, and says that there is nothing to cancel', async () => {
    const world = new World();
    await storedTask(world, 'applying');
    expect(await say(world, 'maintainer', '/sallyport cancel')).toContain('No task here can be');
  });

  it('means nothing that was planned after it, also when it is handled late', async () => {
    const world = new World();
    const late = world.comment('maintainer', '/sallyport cancel');
    await world.clock.advance(1_000);
    await say(world, 'maintainer', '/sallyport review');
    await handleTrigger(world.context, late);
    expect(await tasksOf(world)).toMatchObject([{ state: 'queued' }]);
  });
});

describe('retry', () => {
  it.each(['failed', 'timed-out', 'cancelled', 'superseded'] as const)(
    'runs a task that is %s again, with its instructions, once a comment',
    async (state) => {
      const world = new World();
      await storedTask(world, state, { task: { instructions: 'only typos' } });
      const trigger = world.comment('maintainer', '/sallyport retry');
      await handleTrigger(world.context, trigger);
      await handleTrigger(world.context, trigger);
      const [made, ...others] = (await tasksOf(world)).filter((task) => task.state === 'queued');
      expect(made).toMatchObject({ kind: 'fix', instructions: 'only typos', headSha });
      expect(others).toEqual([]);
    },
  );

  it('holds at gate 1 what an outsider has pushed since', async () => {
    const world = new World();
    await storedTask(world, 'failed');
    world.setPull({ isFork: true, headSha: newerSha });
    await say(world, 'maintainer', '/sallyport retry');
    expect((await tasksOf(world)).map(({ state }) => state).sort()).toEqual([
      'awaiting-run-approval',
      'failed',
    ]);
  });

  it.each([
    ['one that succeeded', 'done', '/sallyport retry'],
    ['one that lives', 'running', '/sallyport retry'],
    ['another than the named', 'failed', '/sallyport retry review'],
  ] as const)('does not run %s', async (_which, state, body) => {
    const world = new World();
    await storedTask(world, state);
    expect(await say(world, 'maintainer', body)).toContain('No task here ended without success.');
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('is refused to who may not, and on a closed pull request', async () => {
    const world = new World();
    await storedTask(world, 'failed');
    expect(await say(world, 'reader', '/sallyport retry')).toContain('`write` permission');
    world.setPull({ state: 'closed' });
    expect(await say(world, 'maintainer', '/sallyport retry')).toContain('closed');
    expect(await tasksOf(world)).toHaveLength(1);
  });
});

describe('status and explain', () => {
  it('shows the tasks with state, reason and gate, also to a stranger', async () => {
    const world = new World();
    await storedTask(world, 'awaiting-approval', { cause: 'waits' });
    await world.clock.advance(1_000);
    await storedTask(world, 'failed', { cause: 'fails', task: { reason: 'limit:pids | x' } });
    await say(world, 'maintainer', '/sallyport pause');
    const status = await say(world, 'stranger', '/sallyport status');
    expect(status).toMatch(/Paused.*failed: limit:pids &#124; x.*write: waits for approval/s);
  });

  it('shows ten tasks at most', async () => {
    const world = new World();
    for (let count = 0; count < 12; count += 1)
      await storedTask(world, 'done', { cause: `c${count}` });
    const status = await say(world, 'maintainer', '/sallyport status');
    expect(status.match(/^\| `t/gm)).toHaveLength(10);
    expect(status).toContain('and 2 older ones');
  });

  it.each([
    [false, 'starts without asking'],
    [true, 'waits until somebody lets it start'],
  ])('explains today’s policy (fork: %s)', async (isFork, words) => {
    const world = new World();
    world.setPull({ isFork });
    await world.tellPusher();
    const text = await say(world, 'maintainer', '/sallyport explain');
    expect(text).toContain(words);
    expect(text).toContain(world.policy.digest);
  });
});
