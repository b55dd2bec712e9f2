import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { pullRequestBehind } from '../../../src/dispatch/unrun-id.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { PolicyFault } from '../../../src/policy/fault.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import type { FakeCheckRun } from '../../support/fakes/fake-check-runs.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

const fault: PolicyFault = {
  code: 'loosens',
  path: 'limits.pids',
  message: '4096 is more than 512, the ceiling above',
  at: { layer: 'repository', file: '.github/sallyport.yml', line: 2, column: 17 },
  above: { layer: 'operator', file: 'default.yml', line: 60, column: 9 },
};

function worldWithFaults(): World {
  const world = new World();
  world.faults = [fault];
  return world;
}

function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

function onlyRun(world: World): FakeCheckRun {
  const [run, ...others] = world.github.runs.values();
  if (run === undefined || others.length > 0) throw new Error('there is not one check run');
  return run;
}

function rerun(world: World, run: FakeCheckRun): Trigger {
  const { deliveryId, receivedAtMs } = world.pullRequest('opened');
  const { id: checkRunId, externalId } = run;
  const sender = world.person('maintainer');
  const type = 'check-rerequested';
  return { type, deliveryId, receivedAtMs, repository, sender, checkRunId, externalId, headSha };
}

describe('a push under a policy that is wrong', () => {
  it('starts nothing and ends the check with the fault, where it is and what to do', async () => {
    const world = worldWithFaults();
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await tasksOf(world)).toEqual([]);
    const run = onlyRun(world);
    expect(run).toMatchObject({
      name: 'sallyport',
      headSha,
      state: { status: 'completed', conclusion: 'failure' },
    });
    expect(run.annotations).toMatchObject([{ path: '.github/sallyport.yml', startLine: 2 }]);
    expect(run.output.summary).toContain('as it stands on main');
    expect(world.ledger.types()).toContain('policy.refused');
  });

  it('leaves no check open, and none that passes, when the process dies after the first request', async () => {
    const faulty = worldWithFaults();
    const skipped = new World();
    const { triggers } = rulesOf(skipped.policy.policy, 'review');
    skipped.setRules('review', { triggers: { ...triggers, paths: ['docs/**'] } });
    for (const world of [faulty, skipped]) {
      world.github.checkRuns.update = () => Promise.reject(new Error('died'));
      await expect(handleTrigger(world.context, world.pullRequest('opened'))).rejects.toThrow(
        'died',
      );
    }
    expect(onlyRun(faulty)).toMatchObject({
      state: { status: 'completed', conclusion: 'failure' },
      annotations: [{ path: '.github/sallyport.yml', startLine: 2 }],
    });
    expect(onlyRun(skipped).state).toEqual({
      status: 'completed',
      conclusion: 'action_required',
    });
  });

  const names = (world: World) => [...world.github.runs.values()].map(({ name }) => name);

  /** As under the policy that was in force, in which `lint` starts by itself and `fix` does not. */
  function worldOfBefore(): World {
    const world = new World();
    const { policy, digest } = world.policy;
    const tasks = { ...policy.tasks, lint: rulesOf(policy, 'review') };
    world.policy = { digest, policy: { ...policy, tasks } };
    return world;
  }

  it.each([
    ['of this pull request', number],
    ['of another one', 99],
  ])('ends each check that the policy of the last task asked for, %s', async (_whose, of) => {
    const world = worldOfBefore();
    await storedTask(world, 'done', { kind: 'review', task: { pullRequest: of } });
    world.github.runs.clear();
    world.faults = [fault];
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(names(world)).toEqual(['sallyport', 'sallyport lint']);
  });

  it('ends the checks of what started by itself there before, and not of what was asked for', async () => {
    const world = worldWithFaults();
    const task = { headSha: newerSha };
    const own = { ...task, name: 'docs', isAutomatic: true };
    await storedTask(world, 'done', { cause: 'docs', task: own });
    await storedTask(world, 'done', { cause: 'fix', task });
    world.github.runs.clear();
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(names(world)).toEqual(['sallyport', 'sallyport docs']);
  });

  it('ends the one check that is known where the policy of before is kept no more', async () => {
    const world = worldWithFaults();
    await storedTask(world, 'done', { kind: 'review' });
    world.github.runs.clear();
    const policies = {
      ...world.policies,
      byDigest: async () => {
        throw new SallyportError('store.corrupt', 'gone');
      },
    };
    await handleTrigger({ ...world.context, policies }, world.pullRequest('synchronize'));
    expect(names(world)).toEqual(['sallyport']);
  });

  it('has one such check, also when the delivery comes again or its first try broke off', async () => {
    const world = worldWithFaults();
    const trigger = world.pullRequest('opened');
    for (const method of ['checkRuns.create', 'checkRuns.update']) {
      world.github.faults.plan({ method, nth: 1, when: 'after' });
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
    }
    for (let times = 0; times < 2; times += 1) await handleTrigger(world.context, trigger);
    expect(onlyRun(world).state).toMatchObject({ conclusion: 'failure' });
  });

  it('can be run again once the policy is mended', async () => {
    const world = worldWithFaults();
    await handleTrigger(world.context, world.pullRequest('opened'));
    const run = onlyRun(world);
    world.faults = undefined;
    await handleTrigger(world.context, rerun(world, run));
    expect(await tasksOf(world)).toMatchObject([{ name: 'review', state: 'queued' }]);
  });

  it('waits at gate 1 after a re-run as it would have waited', async () => {
    const world = worldWithFaults();
    await handleTrigger(world.context, world.pullRequest('opened'));
    const run = onlyRun(world);
    world.faults = undefined;
    world.setPull({ isFork: true });
    await handleTrigger(world.context, rerun(world, run));
    expect(await tasksOf(world)).toMatchObject([{ state: 'awaiting-run-approval' }]);
  });
});

describe('a command under a policy that is wrong', () => {
  it.each(['review', 'fix', 'run fix', 'cancel', 'retry', 'pause', 'resume', 'explain', 'approve'])(
    'does nothing but tell the faults: %s',
    async (command) => {
      const world = worldWithFaults();
      const task = await storedTask(world, 'awaiting-approval');
      await handleTrigger(world.context, world.comment('maintainer', `/sallyport ${command}`));
      expect(world.github.comments.at(-1)?.body).toContain('limits.pids');
      expect((await tasksOf(world)).length).toBe(1);
      expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    },
  );

  it('may still ask how things stand', async () => {
    const world = worldWithFaults();
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport status'));
    expect(world.github.comments.at(-1)?.body).toContain('No task has been planned here.');
  });
});

describe('the pull request behind a check', () => {
  it.each([
    [`pull-12-t${'0'.repeat(24)}`, 12],
    [`t${'0'.repeat(24)}`, undefined],
    [`pull-0-t${'0'.repeat(24)}`, undefined],
    [`pull-12-t${'0'.repeat(24)} `, undefined],
    ['pull-12-', undefined],
    ['', undefined],
  ])('%j: %s', (externalId, found) => {
    expect(pullRequestBehind(externalId)).toBe(found);
  });
});
