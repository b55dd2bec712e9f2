import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { CommitSha, taskIdFor } from '../../../src/domain/ids.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { SallyportError } from '../../../src/errors.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import type { CheckConclusion } from '../../../src/ports/check-runs.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

const groupSha = CommitSha.parse('9'.repeat(40));
const output = { title: 'Review', summary: 'Done.' };

function group(world: World, pullRequest: number | null = number): Trigger {
  const type = 'merge-group';
  return { ...world.byGitHub(), type, repository, headSha: groupSha, pullRequest };
}

function groupRuns(world: World) {
  return [...world.github.runs.values()].filter((run) => run.headSha === groupSha);
}

/** What the queue sees, by name. */
async function verdicts(world: World, trigger = group(world)): Promise<readonly string[]> {
  await handleTrigger(world.context, trigger);
  return groupRuns(world)
    .map(({ name, state }) => {
      return `${name}: ${state.status === 'completed' ? state.conclusion : state.status}`;
    })
    .sort();
}

/** The conclusion that the queue sees. */
async function verdict(world: World, trigger = group(world)) {
  await handleTrigger(world.context, trigger);
  const [run, ...others] = groupRuns(world);
  expect(others).toEqual([]);
  return run?.state.status === 'completed' ? run.state.conclusion : undefined;
}

/** A check run on the head, of the task that `cause` stands for. */
async function addRun(
  world: World,
  externalId: string,
  conclusion: CheckConclusion | null,
  name = 'sallyport',
): Promise<void> {
  const state =
    conclusion === null
      ? ({ status: 'in_progress' } as const)
      : ({ status: 'completed', conclusion } as const);
  await world.github.checkRuns.create(repository, { name, headSha, externalId, state, output });
}

async function reviewed(world: World, conclusion: CheckConclusion | null, pullRequest = number) {
  const cause = `review-${pullRequest}-${conclusion?.length ?? 0}`;
  const task = await storedTask(world, 'done', { kind: 'review', cause, task: { pullRequest } });
  world.github.runs.delete(task.checkRunId ?? 0);
  await addRun(world, task.id, conclusion);
  return task;
}

describe('a merge group', () => {
  it.each([
    ['success', 'success'],
    ['neutral', 'success'],
    ['skipped', 'success'],
    ['failure', 'failure'],
    ['action_required', 'failure'],
    ['cancelled', 'failure'],
    ['timed_out', 'failure'],
    [null, 'failure'],
  ] as const)('of a pull request whose check says %s gets %s', async (said, expected) => {
    const world = new World();
    await reviewed(world, said);
    expect(await verdict(world)).toBe(expected);
  });

  it('is held to the newest check of the head, not to an older success', async () => {
    const world = new World();
    await reviewed(world, 'success');
    await reviewed(world, 'failure');
    expect(await verdict(world)).toBe('failure');
  });

  it('is not let through by another pull request with the same head', async () => {
    const world = new World();
    await reviewed(world, 'failure');
    await reviewed(world, 'success', 99);
    expect(await verdict(world)).toBe('failure');
  });

  it.each([
    ['no check at all', async () => undefined],
    [
      'a check of a task that is not known',
      (world: World) => addRun(world, taskIdFor('x', 'review'), 'success'),
    ],
    [
      'a check without a task of another pull request',
      (world: World) => addRun(world, `pull-99-${taskIdFor('x', 'unrun')}`, 'skipped'),
    ],
    ['a check of another group', (world: World) => addRun(world, 'merge-group-12', 'success')],
    ['a check of a group of nobody', (world: World) => addRun(world, 'merge-group-0', 'success')],
  ])('with %s on the head fails', async (_what, arrange) => {
    const world = new World();
    await arrange(world);
    expect(await verdict(world)).toBe('failure');
  });

  it('is not let through by the check of a fix', async () => {
    const world = new World();
    await addRun(world, taskIdFor('x', 'fix'), 'success', 'sallyport fix');
    expect(await verdicts(world)).toEqual(['sallyport fix: failure', 'sallyport: failure']);
  });

  it('has a check of a name that only another pull request with this head has: the queue waits for it', async () => {
    const world = new World();
    await reviewed(world, 'success');
    await addRun(world, `pull-99-${taskIdFor('x', 'unrun')}`, 'success', 'sallyport docs');
    expect(await verdicts(world)).toEqual(['sallyport docs: failure', 'sallyport: success']);
  });

  it('is held to the head that the pull request has now', async () => {
    const world = new World();
    await reviewed(world, 'success');
    world.setPull({ headSha: newerSha });
    expect(await verdict(world)).toBe('failure');
  });

  it('that names no pull request, or one that is gone, fails', async () => {
    for (const pullRequest of [null, 404]) {
      const world = new World();
      await reviewed(world, 'success');
      expect(await verdict(world, group(world, pullRequest))).toBe('failure');
    }
  });

  it('gets one check, however often GitHub says so, and a row of the ledger', async () => {
    const world = new World();
    await reviewed(world, 'success');
    const trigger = group(world);
    expect(await verdict(world, trigger)).toBe('success');
    expect(await verdict(world, trigger)).toBe('success');
    expect(await verdict(world)).toBe('success');
    const rows = world.ledger.entries.filter(({ type }) => type === 'merge-group.concluded');
    expect(rows.map(({ data }) => data)).toMatchObject([
      { pullRequest: number, reviewedSha: headSha, conclusion: 'success', hasPassed: true },
    ]);
  });

  it.each(['before', 'after'] as const)(
    'gets one check when the process dies %s it',
    async (when) => {
      const world = new World();
      await reviewed(world, 'success');
      const trigger = group(world);
      world.github.faults.plan({ method: 'checkRuns.create', nth: 1, when });
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
      expect(await verdict(world, trigger)).toBe('success');
    },
  );

  it('gets each check that the pull request has, as that one says', async () => {
    const world = new World();
    const { policy, digest } = world.policy;
    const tasks = { ...policy.tasks, lint: rulesOf(policy, 'review') };
    world.policy = { digest, policy: { ...policy, tasks } };
    await reviewed(world, 'success');
    const lint = await storedTask(world, 'done', {
      kind: 'review',
      cause: 'lint',
      task: { name: 'lint' },
    });
    world.github.runs.delete(lint.checkRunId ?? 0);
    await addRun(world, lint.id, 'failure', 'sallyport lint');
    await addRun(world, `pull-${number}-${taskIdFor('x', 'unrun')}`, 'skipped', 'sallyport docs');
    await addRun(world, `pull-99-${taskIdFor('x', 'unrun')}`, 'success', 'sallyport other');
    await addRun(world, 'policy-sha256:0', 'success', 'sallyport / policy');
    const all = [
      'sallyport: success',
      'sallyport docs: success',
      'sallyport lint: failure',
      'sallyport other: failure',
    ];
    world.github.faults.plan({ method: 'checkRuns.create', nth: 2, when: 'after' });
    await expect(verdicts(world)).rejects.toThrow('planned');
    for (let times = 0; times < 2; times += 1)
      expect(await verdicts(world)).toEqual(all.toSorted());
    // Re-run of one of them: GitHub has cleared the suite.
    const [run] = groupRuns(world);
    const { id: checkRunId = 0, externalId = '' } = run ?? {};
    const sender = world.person('maintainer');
    const type = 'check-rerequested';
    const about = { repository, sender, checkRunId, externalId, headSha: groupSha };
    const again = await verdicts(world, { ...world.byGitHub(), ...about, type });
    expect(again).toEqual([...all, ...all].toSorted());
  });

  it('without a pull request fails by each name that the operator has', async () => {
    const world = new World();
    const { policy, digest } = world.policy;
    const tasks = { ...policy.tasks, lint: rulesOf(policy, 'review') };
    world.policy = { digest, policy: { ...policy, tasks } };
    expect(await verdicts(world, group(world, null))).toEqual([
      'sallyport lint: failure',
      'sallyport: failure',
    ]);
  });

  it('waits for a GitHub that is away instead of deciding without it', async () => {
    const world = new World();
    await reviewed(world, 'success');
    const error = new SallyportError('github.unavailable', 'away');
    world.github.faults.plan({ method: 'pullRequests.get', nth: 1, when: 'before', error });
    await expect(handleTrigger(world.context, group(world))).rejects.toThrow('away');
    expect(groupRuns(world)).toEqual([]);
  });
});
