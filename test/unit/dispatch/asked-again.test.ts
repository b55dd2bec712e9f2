import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

/** A world of three who may write, in which nobody may approve what they asked for. */
function ofThree(): World {
  const world = new World();
  for (const login of ['ada', 'bob', 'cy']) world.setRole(login, 'write');
  const { approvals } = world.policy.policy;
  world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: false } });
  return world;
}

async function newest(world: World): Promise<Task> {
  const { repositoryId } = repository;
  const all = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const [task] = all;
  if (task === undefined) throw new Error('there is no task');
  return task;
}

/** The queued task fails, or its patch waits: the one that the task of the scene had. */
async function ends(world: World, first: Task, state: 'failed' | 'awaiting-approval') {
  const { outcomeDigest, patchDigest } = first;
  const made = await newest(world);
  world.store.tasks.rows.set(made.id, { ...made, state, outcomeDigest, patchDigest });
  await world.clock.advance(1_000);
  return storedNow(world, made);
}

type Again = (world: World, login: string) => Promise<void>;

const byRetry: Again = (world, login) =>
  handleTrigger(world.context, world.comment(login, '/sallyport retry'));

const byRerun: Again = async (world, login) => {
  const { id: externalId, checkRunId } = await newest(world);
  const common = { ...world.byGitHub(), repository, sender: world.person(login), headSha };
  const about = { checkRunId: checkRunId ?? 0, externalId };
  await handleTrigger(world.context, { ...common, type: 'check-rerequested', ...about });
};

async function approves(world: World, task: Task, login: string): Promise<boolean> {
  const by = world.person(login);
  const cause = world.nextDelivery();
  const saidAtMs = world.clock.nowMs();
  const decision = { task, decision: 'approve', by, via: 'button', cause, saidAtMs } as const;
  return (await decide(approvalContext(world.context), decision)).allowed;
}

describe.each([
  ['/sallyport retry', byRetry],
  ['Re-run', byRerun],
])('what is asked for again by %s', (_how, again) => {
  async function patchOfTwo(world: World): Promise<Task> {
    const task = { requestedBy: world.person('ada'), instructions: 'add a back door' };
    const first = await storedTask(world, 'failed', { task });
    await world.clock.advance(1_000);
    await again(world, 'bob');
    return ends(world, first, 'awaiting-approval');
  }

  it.each([
    ['ada', false],
    ['bob', false],
    ['cy', true],
  ])('is approved by none of those who asked: %s: %s', async (login, allowed) => {
    const world = ofThree();
    const patch = await patchOfTwo(world);
    expect(patch).toMatchObject({ instructions: 'add a back door', requestedBy: { login: 'bob' } });
    expect(await approves(world, patch, login)).toBe(allowed);
    const state = allowed ? 'applying' : 'awaiting-approval';
    expect(await storedNow(world, patch)).toMatchObject({ state });
  });

  it('is still theirs after a second time, by somebody else', async () => {
    const world = ofThree();
    const first = await storedTask(world, 'failed', { task: { requestedBy: world.person('ada') } });
    await world.clock.advance(1_000);
    for (const [login, state] of [
      ['bob', 'failed'],
      ['cy', 'awaiting-approval'],
    ] as const) {
      await again(world, login);
      await ends(world, first, state);
    }
    const patch = await newest(world);
    for (const login of ['ada', 'bob', 'cy'])
      expect([login, await approves(world, patch, login)]).toEqual([login, false]);
    const planned = world.ledger.entries.findLast(({ type }) => type === 'task.planned');
    const asked = ['bob', 'ada'].map((login) => world.person(login).id);
    expect(planned?.data['requestedBefore']).toEqual(asked);
  });

  it('is judged so when it is applied as well', async () => {
    const world = ofThree();
    const patch = await patchOfTwo(world);
    const { approvals } = world.policy.policy;
    world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: true } });
    expect(await approves(world, patch, 'ada')).toBe(true);
    world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: false } });
    await settleTask(world.context, patch.id);
    expect(await storedNow(world, patch)).toMatchObject({ state: 'superseded' });
    expect(world.ledger.types()).not.toContain('patch.committed');
  });
});
