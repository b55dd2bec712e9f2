import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { canonicalJson } from '../../../src/domain/canonical-json.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import type { Actor } from '../../../src/domain/repository.ts';
import type { Task } from '../../../src/domain/task.ts';
import { TaskState } from '../../../src/domain/task.ts';
import type { Verdict } from '../../../src/policy/decide/person.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { setBranch, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, World } from '../../support/fakes/world.ts';

function say(world: World, task: Task, decision: 'approve' | 'reject', by: Actor) {
  const cause = world.nextDelivery();
  const request = { task, decision, by, via: 'button', cause } as const;
  return decide(approvalContext(world.context), { ...request, saidAtMs: world.clock.nowMs() });
}

/** Somebody other than who asked has to approve. */
function wantSomebodyElse(world: World): void {
  const { approvals } = world.policy.policy;
  world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: false } });
}

function expectRefused(answer: Verdict, reason: RegExp): void {
  expect(answer.allowed).toBe(false);
  expect(answer.reason).toMatch(reason);
}

async function expectUnmoved(world: World, task: Task): Promise<void> {
  expect((await storedNow(world, task)).state).toBe(task.state);
  expect(await world.store.approvals.ofTask(task.id)).toEqual([]);
  expect(world.ledger.types()).toEqual([]);
  expect([world.tasks.jobs.size, world.publish.jobs.size]).toEqual([0, 0]);
}

describe('a decision at the gate of the patch', () => {
  it('is recorded with what it is bound to, then moves the task and queues what follows', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const by = world.person('maintainer');
    expect(await say(world, task, 'approve', by)).toMatchObject({ allowed: true });
    expect((await storedNow(world, task)).state).toBe('applying');
    const { headSha, baseSha, policyDigest, patchDigest } = task;
    const binding = {
      repositoryId: 7,
      pullRequest: 12,
      headSha,
      baseSha,
      policyDigest,
      patchDigest,
    };
    const [approval] = await world.store.approvals.ofTask(task.id);
    expect(approval).toMatchObject({ gate: 'write', decision: 'approve', by, role: 'maintain' });
    expect(approval?.binding).toEqual(binding);
    const [entry] = await world.ledger.ofTask(task.id);
    expect(entry).toMatchObject({ type: 'gate.write.approved', data: { by: by.id, binding } });
    expect([...world.publish.jobs.keys()]).toEqual([`${task.id}-1-applying`]);
  });

  it('can be a rejection, also of what could not be approved any more', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    setBranch(world, { sha: newerSha });
    expect(await say(world, task, 'reject', world.person('maintainer'))).toMatchObject({
      allowed: true,
    });
    const reason = 'gate:write:rejected';
    expect(await storedNow(world, task)).toMatchObject({ state: 'cancelled', reason });
    expect(world.ledger.types()).toEqual(['gate.write.rejected']);
  });

  it.each([
    ['a stranger', 'stranger', 'User', /no permission/],
    ['a reader', 'reader', 'User', /`read` permission/],
    ['a bot with permission', 'maintainer', 'Bot', /Only people/],
    ['an organisation', 'maintainer', 'Organization', /Only people/],
    ['a mannequin', 'maintainer', 'Mannequin', /Only people/],
    ['whoever GitHub has no type for', 'maintainer', 'Unknown', /Only people/],
  ] as const)('is not for %s', async (_who, login, type, reason) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    for (const decision of ['approve', 'reject'] as const) {
      const answer = await say(world, task, decision, world.person(login, type));
      expectRefused(answer, reason);
    }
    await expectUnmoved(world, task);
  });

  it('is not for who asked for the fix when policy wants somebody else', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    wantSomebodyElse(world);
    // Identity is the id: another name for the same account changes nothing.
    const renamed = { ...world.person('contributor'), login: 'maintainer' };
    for (const by of [world.person('contributor'), renamed])
      expect(await say(world, task, 'approve', by)).toMatchObject({ allowed: false });
    await expectUnmoved(world, task);
    expect(await say(world, task, 'approve', world.person('maintainer'))).toMatchObject({
      allowed: true,
    });
  });

  it.each([
    ['the head moved', (world: World) => setBranch(world, { sha: newerSha }), /head moved/],
    ['the base moved', (world: World) => world.setPull({ baseSha: newerSha }), /base/],
    ['the pull request is closed', (world: World) => world.setPull({ state: 'closed' }), /closed/],
    [
      'the policy changed',
      (world: World) => {
        world.policy = { ...world.policy, digest: digestOf('other') };
      },
      /policy/,
    ],
  ])('is no approval once %s', async (_what, change, reason) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    change(world);
    const answer = await say(world, task, 'approve', world.person('maintainer'));
    expectRefused(answer, reason);
    await expectUnmoved(world, task);
  });

  it.each([
    [
      'the layers of the policy are wrong',
      (world: World) => {
        world.faults = [];
      },
      /policy is not valid/,
    ],
    [
      'the policy has no such task any more',
      (world: World) => {
        const { policy, digest } = world.policy;
        world.policy = { policy: { ...policy, tasks: {} }, digest };
      },
      /has no task `fix`/,
    ],
  ])('is nobody’s while %s', async (_what, change, reason) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    change(world);
    for (const decision of ['approve', 'reject'] as const)
      expectRefused(await say(world, task, decision, world.person('maintainer')), reason);
    await expectUnmoved(world, task);
  });

  it('is not taken when the permission cannot be read', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    world.github.faults.plan({ method: 'permissions.of', nth: 1, when: 'before' });
    await expect(say(world, task, 'approve', world.person('maintainer'))).rejects.toThrow(
      'planned',
    );
    await expectUnmoved(world, task);
  });

  it('takes a double click once, and answers both', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const by = world.person('maintainer');
    await say(world, task, 'approve', by);
    const moved = await storedNow(world, task);
    expect(await say(world, moved, 'approve', by)).toMatchObject({ allowed: true });
    expect(await world.store.approvals.ofTask(task.id)).toHaveLength(1);
    expect(world.publish.jobs.size).toBe(1);
  });

  it('tells whoever comes later, or thinks otherwise, that nothing waits any more', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await say(world, task, 'approve', world.person('maintainer'));
    const moved = await storedNow(world, task);
    expectRefused(await say(world, moved, 'reject', world.person('maintainer')), /not waiting/);
    expectRefused(await say(world, moved, 'approve', world.person('contributor')), /not waiting/);
  });

  it('lets the first of two people decide', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const [first, second] = await Promise.all([
      say(world, task, 'reject', world.person('maintainer')),
      say(world, task, 'approve', world.person('contributor')),
    ]);
    expect(first).toMatchObject({ allowed: true });
    expect(second).toMatchObject({ reason: 'Somebody else decided first.' });
    expect((await storedNow(world, task)).state).toBe('cancelled');
  });

  it.each(TaskState.options.filter((state) => !state.startsWith('awaiting-')))(
    'is nothing for a task that is %s',
    async (state) => {
      const world = new World();
      const task = await storedTask(world, state);
      for (const decision of ['approve', 'reject'] as const) {
        const answer = await say(world, task, decision, world.person('maintainer'));
        expect(answer).toMatchObject({ allowed: false });
      }
      await expectUnmoved(world, task);
    },
  );
});

describe('a decision at the gate of the run', () => {
  it('lets the run start', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    await say(world, task, 'approve', world.person('contributor'));
    expect((await storedNow(world, task)).state).toBe('queued');
    const [approval] = await world.store.approvals.ofTask(task.id);
    expect(approval).toMatchObject({ gate: 'run', binding: { patchDigest: null } });
    expect([...world.tasks.jobs.keys()]).toEqual([`${task.id}-1`]);
  });

  it('lets it run by the policy in force, and not by the one that it was planned with', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval');
    const { limits, outputs } = world.policy.policy;
    const stricter = { limits: { ...limits, pids: 16 }, outputs: { ...outputs, patch: 'none' } };
    world.setRules('fix', stricter as Partial<EffectiveTask>, digestOf('stricter'));
    await say(world, task, 'approve', world.person('maintainer'));
    const policyDigest = digestOf('stricter');
    expect(await storedNow(world, task)).toMatchObject({
      state: 'queued',
      kind: 'review',
      policyDigest,
    });
    const [approval] = await world.store.approvals.ofTask(task.id);
    expect(approval).toMatchObject({ gate: 'run', binding: { policyDigest } });
    expect(world.ledger.entries.at(-1)?.data).toMatchObject({
      binding: { policyDigest },
      before: task.policyDigest,
    });
    const kept = digestOf(canonicalJson(world.policy.policy as never));
    expect(Buffer.from(await world.store.artifacts.get(kept)).toString()).toContain('"pids":16');
  });

  it('lets nothing start as triage on a pull request', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    world.setRules('review', { purpose: 'triage' }, digestOf('other'));
    const answer = await say(world, task, 'approve', world.person('maintainer'));
    expectRefused(answer, /one of triage now, which is for issues/);
    await expectUnmoved(world, task);
  });

  it('is dropped as it waited', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval');
    world.setRules('fix', {}, digestOf('other'));
    await say(world, task, 'reject', world.person('maintainer'));
    expect(await storedNow(world, task)).toMatchObject({ policyDigest: task.policyDigest });
  });

  it('asks for the permission to run, not for that to approve', async () => {
    const world = new World();
    world.setRules('review', { run: [{ permission: 'admin' }], approve: [{ permission: 'read' }] });
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    const answer = await say(world, task, 'approve', world.person('maintainer'));
    expectRefused(answer, /`admin` permission/);
    await expectUnmoved(world, task);
  });

  it('lets nothing of a fork run once the policy refuses forks, but can be a rejection', async () => {
    const world = new World();
    world.setPull({ isFork: true });
    world.setRules('review', { forks: 'refuse' });
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    const answer = await say(world, task, 'approve', world.person('maintainer'));
    expectRefused(answer, /nothing for pull requests from forks/);
    await expectUnmoved(world, task);
    expect((await say(world, task, 'reject', world.person('maintainer'))).allowed).toBe(true);
  });

  it('dies with a push', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    setBranch(world, { sha: newerSha });
    const answer = await say(world, task, 'approve', world.person('maintainer'));
    expect(answer).toMatchObject({ allowed: false });
    await expectUnmoved(world, task);
  });

  it('can be a no, after which nothing runs', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval', { kind: 'review' });
    await say(world, task, 'reject', world.person('maintainer'));
    const reason = 'gate:run:rejected';
    expect(await storedNow(world, task)).toMatchObject({ state: 'cancelled', reason });
    expect(world.tasks.jobs.size).toBe(0);
  });
});
