import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import {
  branchOf,
  type SceneOptions,
  setBranch,
  storedNow,
  storedTask,
  syncPull,
} from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, World } from '../../support/fakes/world.ts';

/** A fix that the maintainer has approved and that is about to be committed. */
async function approved(world: World, options: SceneOptions = {}): Promise<Task> {
  const task = await storedTask(world, 'awaiting-approval', options);
  const by = world.person('maintainer');
  const cause = world.nextDelivery();
  const saidAtMs = world.clock.nowMs();
  const request = { task, decision: 'approve', by, via: 'comment', cause, saidAtMs } as const;
  expect(await decide(approvalContext(world.context), request)).toMatchObject({ allowed: true });
  return storedNow(world, task);
}

function commitCount(world: World): number {
  return branchOf(world).sha === headSha ? 0 : 1;
}

async function expectVoided(world: World, task: Task, reason: RegExp): Promise<void> {
  await settleTask(world.context, task.id);
  expect(world.github.faults.count('commits.commitOnBranch')).toBe(0);
  const ended = await storedNow(world, task);
  expect(ended.state).toBe('superseded');
  expect(ended.reason).toMatch(reason);
  expect(world.ledger.types()).not.toContain('patch.committed');
  await settleTask(world.context, task.id);
  expect(world.github.runs.get(task.checkRunId ?? 0)?.output.title).toBe('Approval did not hold');
}

describe('applying an approved patch', () => {
  it('makes one commit on the approved head: its files, its deletions, its name', async () => {
    const world = new World();
    const files = { 'src/a.js': 'new\n', 'src/gone.js': null };
    const task = await approved(world, { files });
    await settleTask(world.context, task.id);
    const branch = branchOf(world);
    expect(branch.parents).toEqual([headSha]);
    expect(Buffer.from(branch.files.get('src/a.js') ?? '').toString()).toBe('new\n');
    expect(branch.files.has('src/gone.js')).toBe(false);
    expect(branch.message).toContain(`Sallyport-Task: ${task.id}`);
    expect((await storedNow(world, task)).state).toBe('done');
    const run = world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.output.title).toContain('applied');
    expect(world.ledger.types()).toContain('patch.committed');
  });

  it.each([
    ['the head moved', (world: World) => setBranch(world, { sha: newerSha }), /head moved/],
    ['the base moved', (world: World) => world.setPull({ baseSha: newerSha }), /base/],
    ['the pull request was closed', (world: World) => world.setPull({ state: 'closed' }), /closed/],
    ['the head is a fork now', (world: World) => world.setPull({ isFork: true }), /fork/],
    [
      'the approver lost the permission',
      (world: World) => world.setRole('maintainer', 'read'),
      /0 of 1 approvals/,
    ],
    [
      'the policy changed',
      (world: World) => {
        world.policy = { ...world.policy, digest: digestOf('other') };
      },
      /policy/,
    ],
    [
      'the layers of the policy are wrong',
      (world: World) => {
        world.faults = [];
      },
      /policy is not valid/,
    ],
    [
      'the gate refuses by now',
      (world: World) => {
        world.setRules('fix', { protectedPaths: ['src/**'] });
      },
      /gate refuses/,
    ],
  ])('makes none when %s', async (_what, change, reason) => {
    const world = new World();
    const task = await approved(world);
    change(world);
    await expectVoided(world, task, reason);
  });

  it('makes none without an approval, or with one of another task, or of another gate', async () => {
    const world = new World();
    const task = await storedTask(world, 'applying');
    const other = await approved(world, { cause: 'other' });
    const [theirs] = await world.store.approvals.ofTask(other.id);
    if (theirs === undefined) throw new Error('nothing was approved');
    await world.store.approvals.add({ ...theirs, taskId: task.id, gate: 'run' });
    await expectVoided(world, task, /no approval/);
  });

  it.each([
    ['repository', { repositoryId: 8 }],
    ['pull request', { pullRequest: 13 }],
    ['head', { headSha: newerSha }],
    ['base', { baseSha: newerSha }],
    ['policy', { policyDigest: digestOf('x') }],
    ['patch', { patchDigest: digestOf('x') }],
    ['absence of a patch', { patchDigest: null }],
  ])('makes none on an approval that is bound to another %s', async (_what, change) => {
    const world = new World();
    const task = await approved(world);
    const [approval] = world.store.approvals.rows;
    if (approval === undefined) throw new Error('nothing was approved');
    world.store.approvals.rows[0] = { ...approval, binding: { ...approval.binding, ...change } };
    await expectVoided(world, task, /approval:void/);
  });

  it('makes none when somebody rejected it after it was approved', async () => {
    const world = new World();
    const task = await approved(world);
    const [approval] = world.store.approvals.rows;
    if (approval === undefined) throw new Error('nothing was approved');
    await world.store.approvals.add({ ...approval, decision: 'reject' });
    await expectVoided(world, task, /no approval/);
  });

  it('makes none of a patch that is not the one that was approved', async () => {
    const world = new World();
    const task = await approved(world);
    const evil = await storedTask(world, 'done', {
      cause: 'evil',
      files: { 'src/a.js': 'evil\n' },
    });
    const { outcomeDigest } = evil;
    await world.store.tasks.patch(task.id, { outcomeDigest });
    await expectVoided(world, task, /patch is a different one/);
  });

  it('makes none for who asked for the fix, once policy wants somebody else', async () => {
    const world = new World();
    const task = await approved(world, { task: { requestedBy: world.person('maintainer') } });
    const { approvals } = world.policy.policy;
    world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: false } });
    await expectVoided(world, task, /0 of 1 approvals/);
  });
});

describe('applying in the face of faults', () => {
  it.each([
    ['pullRequests.get', 'before'],
    ['pullRequests.get', 'after'],
    ['permissions.of', 'before'],
    ['commits.commitOnBranch', 'before'],
    ['commits.commitOnBranch', 'after'],
    ['checkRuns.update', 'before'],
    ['checkRuns.update', 'after'],
  ] as const)('commits once when GitHub fails: %s, %s its effect', async (method, when) => {
    const world = new World();
    const task = await approved(world);
    world.github.faults.plan({ method, nth: 1, when });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    if (commitCount(world) === 1) syncPull(world);
    await settleTask(world.context, task.id);
    expect(world.github.faults.count('commits.commitOnBranch')).toBeLessThanOrEqual(2);
    expect(branchOf(world).parents).toEqual([headSha]);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    expect(world.ledger.types().filter((type) => type === 'patch.committed')).toHaveLength(1);
  });

  it.each([
    ['steps.begin', 1, 'before'],
    ['steps.begin', 1, 'after'],
    ['steps.finish', 1, 'before'],
    ['steps.finish', 1, 'after'],
    ['tasks.transition', 1, 'before'],
    ['tasks.transition', 1, 'after'],
    ['tasks.patch', 1, 'before'],
  ] as const)('commits once when the process dies: %s %i, %s its effect', async (...fault) => {
    const [method, nth, when] = fault;
    const world = new World();
    const task = await approved(world);
    const error = new SallyportError('store.unavailable', 'planned');
    world.store.faults.plan({ method, nth, when, error });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    if (commitCount(world) === 1) syncPull(world);
    await settleTask(world.context, task.id);
    expect(branchOf(world).parents).toEqual([headSha]);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
  });

  it('takes a foreign commit on the head for what it is', async () => {
    const world = new World();
    const task = await approved(world);
    world.github.faults.plan({ method: 'commits.commitOnBranch', nth: 1, when: 'before' });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    const message = `Sallyport-Task: ${taskIdFor('another', 'fix')}`;
    setBranch(world, { sha: newerSha, parents: [headSha], message });
    await settleTask(world.context, task.id);
    expect(branchOf(world).sha).toBe(newerSha);
    expect((await storedNow(world, task)).state).toBe('superseded');
  });

  it.each(['before the try', 'after it failed'])(
    'takes no commit of somebody else for its own, whatever it says of itself: %s',
    async (when) => {
      const world = new World();
      const task = await approved(world);
      if (when === 'after it failed') {
        world.github.faults.plan({ method: 'commits.commitOnBranch', nth: 1, when: 'before' });
        await settleTask(world.context, task.id).catch(() => undefined);
      }
      const message = `Apply fixes to 1 file\n\nSallyport-Task: ${task.id}`;
      setBranch(world, { sha: newerSha, parents: [headSha], message });
      // The pull request shows it a moment later.
      world.setPull({ headSha });
      await settleTask(world.context, task.id);
      expect((await storedNow(world, task)).state).toBe('superseded');
      expect(world.ledger.types()).not.toContain('patch.committed');
      expect(await world.store.steps.find(task.id, 'commit')).toBeUndefined();
    },
  );

  it.each(['github.forbidden', 'github.not-found', 'github.rejected'] as const)(
    'ends the task, and does not ask for ever, on %s',
    async (code: ErrorCode) => {
      const world = new World();
      const task = await approved(world);
      const error = new SallyportError(code, 'planned');
      world.github.faults.plan({ method: 'commits.commitOnBranch', nth: 1, when: 'before', error });
      await settleTask(world.context, task.id);
      const reason = `report:${code}`;
      expect(await storedNow(world, task)).toMatchObject({ state: 'failed', reason });
      await settleTask(world.context, task.id);
      const run = world.github.runs.get(task.checkRunId ?? 0);
      expect(run?.state).toEqual({ status: 'completed', conclusion: 'failure' });
    },
  );

  it('commits once when the job is taken twice at once', async () => {
    const world = new World();
    const task = await approved(world);
    await Promise.all([settleTask(world.context, task.id), settleTask(world.context, task.id)]);
    expect(world.github.faults.count('commits.commitOnBranch')).toBe(1);
    expect((await storedNow(world, task)).state).toBe('done');
  });

  it('keeps the word of two processes that commit at once the same', async () => {
    const world = new World();
    const task = await approved(world);
    // Two contexts, as two processes have them: nothing in memory keeps one from the other.
    const there = { ...new World().context, ...contextOf(world) };
    const settled = [settleTask(world.context, task.id), settleTask(there, task.id)];
    const ends = await Promise.allSettled(settled);
    expect(ends.some((end) => end.status === 'fulfilled')).toBe(true);
    expect(branchOf(world).parents).toEqual([headSha]);
    expect((await storedNow(world, task)).state).toBe('done');
  });
});

function contextOf(world: World) {
  const { turns: _turns, ...shared } = world.context;
  return shared;
}
