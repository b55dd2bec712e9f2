import { describe, expect, it } from 'vitest';
import { agentInput } from '../../../src/dispatch/agent-input.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

const parameters = { names: ['level', 'module'], values: { level: ['low', 'high'] } };

/** A world in which `fix` takes a level, of two, and a module. */
function worldWithValues(): World {
  const world = new World();
  world.setRules('fix', { parameters });
  return world;
}

async function say(world: World, body: string): Promise<string> {
  await handleTrigger(world.context, world.comment('maintainer', body));
  return world.github.comments.at(-1)?.body ?? '';
}

async function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

describe('run with values', () => {
  it('starts the task with them, and the ledger has them', async () => {
    const world = worldWithValues();
    await say(world, '/sallyport run fix level=high module="src a"');
    const given = { level: 'high', module: 'src a' };
    expect(await tasksOf(world)).toMatchObject([{ name: 'fix', parameters: given }]);
    const planned = world.ledger.entries.find(({ type }) => type === 'task.planned');
    expect(planned?.data).toMatchObject({ parameters: given });
  });

  it.each([
    ['/sallyport run fix levle=high', 'takes no value called `levle`. It takes `level` (`low`'],
    ['/sallyport run fix level=max', 'takes no such value of `level`'],
    ['/sallyport run review level=low', '`review` takes no values.'],
  ])('%j is refused with what there is', async (body, words) => {
    const world = worldWithValues();
    expect(await say(world, body)).toContain(words);
    expect(await tasksOf(world)).toEqual([]);
  });

  it('is shown in help', async () => {
    const text = await say(worldWithValues(), '/sallyport help');
    expect(text).toContain('`review`, `fix level=low|high module=…`.');
  });

  it('reaches the agent as data, and the input of a task without values has no field for them', async () => {
    const world = worldWithValues();
    const task = await storedTask(world, 'running', { task: { parameters: { level: 'low' } } });
    const rules = rulesOf(world.policy.policy, 'fix');
    expect(agentInput({ task, rules }, { headTime: 0 }, []).parameters).toEqual({ level: 'low' });
    const bare = agentInput({ task: { ...task, parameters: {} }, rules }, { headTime: 0 }, []);
    expect(bare).not.toHaveProperty('parameters');
  });
});

describe('what runs again', () => {
  it.each([
    ['by command', (world: World) => world.comment('maintainer', '/sallyport retry')],
    ['by its check', rerun],
  ] as const)('%s has the same values', async (_how, ask) => {
    const world = worldWithValues();
    const task = await storedTask(world, 'failed', { task: { parameters: { level: 'low' } } });
    await handleTrigger(world.context, ask(world, task));
    const queued = (await tasksOf(world)).filter(({ state }) => state === 'queued');
    expect(queued).toMatchObject([{ parameters: { level: 'low' } }]);
  });

  it.each([
    ['by command', (world: World) => world.comment('maintainer', '/sallyport retry')],
    ['by its check', rerun],
  ] as const)('%s is refused where the policy takes them no more', async (_how, ask) => {
    const world = new World();
    const task = await storedTask(world, 'failed', { task: { parameters: { level: 'low' } } });
    await handleTrigger(world.context, ask(world, task));
    expect(await tasksOf(world)).toHaveLength(1);
    expect(world.github.comments.at(-1)?.body).toContain('`fix` takes no values.');
  });
});

function rerun(world: World, { id: externalId, checkRunId }: Task) {
  const common = { ...world.byGitHub(), repository, sender: world.person('maintainer'), headSha };
  return { ...common, type: 'check-rerequested', checkRunId: checkRunId ?? 0, externalId } as const;
}
