import { describe, expect, it } from 'vitest';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Approval } from '../../../src/domain/approval.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedNow } from '../../support/fakes/fix-scene.ts';
import {
  addIssue,
  issueNumber,
  issueTask,
  moveTrunk,
  openIssue,
  sayOnIssue,
  told,
} from '../../support/fakes/issue-scene.ts';
import { baseSha, newerSha, repository, World } from '../../support/fakes/world.ts';

/** A world with an issue and a patch for it that waits. */
async function waiting(change: Partial<Task> = {}): Promise<{ world: World; task: Task }> {
  const world = new World();
  addIssue(world);
  return { world, task: await issueTask(world, 'awaiting-approval', { task: change }) };
}

/** The same, approved by the maintainer, and about to be applied. */
async function approved(): Promise<{ world: World; task: Task }> {
  const { world, task } = await waiting();
  await sayOnIssue(world, 'maintainer', `/sallyport approve ${task.id}`);
  expect((await storedNow(world, task)).state).toBe('applying');
  return { world, task: await storedNow(world, task) };
}

function branchOf(world: World, task: Task) {
  const name = `sallyport/issue-${issueNumber}-${task.id.slice(0, 8)}`;
  return { name, head: world.github.branches.get(`${repository.repositoryId}:${name}`) };
}

async function expectNothingWritten(world: World, task: Task, reason: RegExp): Promise<void> {
  await settleTask(world.context, task.id);
  const ended = await storedNow(world, task);
  expect(ended.state).toBe('superseded');
  expect(ended.reason).toMatch(reason);
  expect(branchOf(world, task).head).toBeUndefined();
  expect(world.github.issues.opened).toEqual([]);
}

describe('an approved patch for an issue', () => {
  it('is one commit on a branch of its own at the base, in a draft pull request', async () => {
    const { world, task } = await approved();
    await settleTask(world.context, task.id);
    const { name, head } = branchOf(world, task);
    expect(head?.parents).toEqual([baseSha]);
    expect(Buffer.from(head?.files.get('src/a.js') ?? '').toString()).toBe('new\n');
    expect(head?.message).toContain(
      `Approved on issue ${issueNumber}.\n\nSallyport-Task: ${task.id}`,
    );
    expect(world.github.issues.opened).toMatchObject([
      { branch: name, baseRef: 'main', isDraft: true },
    ]);
    const [opened] = world.github.issues.opened;
    expect(opened?.title).toBe(`Apply fixes to 1 file for issue #${issueNumber}`);
    expect(opened?.body).toContain(`For issue #${issueNumber}, `);
    expect(opened?.body).toContain('Asked for by `contributor`, approved by `maintainer`.');
    expect(opened?.body).not.toContain('other commits since');
    expect((await storedNow(world, task)).state).toBe('done');
    await settleTask(world.context, task.id);
    expect(told(world)).toContain(`Opened as pull request #${opened?.number}.`);
    expect(world.ledger.types()).toContain('pull-request.opened');
    expect(world.github.runs.size).toBe(0);
  });

  it('is ready for review where the policy says so', async () => {
    const { world, task } = await waiting();
    const { outputs } = rulesOf(world.policy.policy, 'fix');
    world.setRules('fix', { outputs: { ...outputs, pullRequest: 'ready' } });
    await sayOnIssue(world, 'maintainer', '/sallyport approve');
    await settleTask(world.context, task.id);
    expect(world.github.issues.opened).toMatchObject([{ isDraft: false }]);
  });

  it('starts at its base also when the default branch has moved, and says so', async () => {
    const { world, task } = await approved();
    moveTrunk(world, newerSha);
    world.github.branches.set('base', {
      sha: baseSha,
      message: '',
      parents: [],
      files: new Map(),
    });
    await settleTask(world.context, task.id);
    expect(branchOf(world, task).head?.parents).toEqual([baseSha]);
    expect(world.github.issues.opened[0]?.body).toContain('has got other commits since');
  });

  it.each([
    [
      'the issue was closed',
      (world: World) =>
        world.github.issues.known.set(issueNumber, { ...openIssue, state: 'closed' }),
      /closed/,
    ],
    [
      'the issue is a pull request now',
      (world: World) =>
        world.github.issues.known.set(issueNumber, { ...openIssue, isPullRequest: true }),
      /closed/,
    ],
    [
      'the commit was taken out of the default branch',
      (world: World) =>
        world.github.branches.set(`${repository.repositoryId}:main`, {
          sha: newerSha,
          message: '',
          parents: [],
          files: new Map(),
        }),
      /not in the default branch any more/,
    ],
    [
      'the approver lost the permission',
      (world: World) => world.setRole('maintainer', 'read'),
      /0 of 1/,
    ],
    [
      'the policy changed',
      (world: World) => {
        world.policy = { ...world.policy, digest: digestOf('other') };
      },
      /policy changed/,
    ],
  ] as const)('is not written where %s', async (_what, change, reason) => {
    const { world, task } = await approved();
    change(world);
    await expectNothingWritten(world, task, reason);
  });

  it('is not written on an approval of another patch', async () => {
    const { world, task } = await approved();
    const [row] = world.store.approvals.rows.splice(0) as [Approval];
    const binding = { ...row.binding, patchDigest: digestOf('another patch') };
    world.store.approvals.rows.push({ ...row, binding });
    await expectNothingWritten(world, task, /the patch is a different one/);
  });

  it.each([
    ['stranger', /It takes `write` permission/],
    ['reader', /It takes `write` permission/],
  ])('is not approved by %s', async (login, answer) => {
    const { world, task } = await waiting();
    await sayOnIssue(world, login, `/sallyport approve ${task.id}`);
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(told(world)).toMatch(answer);
  });

  it('is not approved by whoever asked, where the policy wants somebody else', async () => {
    const { world, task } = await waiting();
    const { approvals } = rulesOf(world.policy.policy, 'fix');
    world.setRules('fix', { approvals: { ...approvals, requesterMayApprove: false } });
    await sayOnIssue(world, 'contributor', '/sallyport approve');
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(told(world)).toContain('somebody other than who asked');
  });

  it('is dropped by a rejection', async () => {
    const { world, task } = await waiting();
    await sayOnIssue(world, 'maintainer', '/sallyport reject');
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'cancelled' });
    expect(told(world)).toContain('**fix: Patch rejected.**');
  });
});

describe('a crash while a patch for an issue is applied', () => {
  it.each(
    (
      [
        'issues.get',
        'issues.isOnDefaultBranch',
        'issues.createBranch',
        'commits.commitOnBranch',
        'issues.defaultBranch',
        'issues.openPullRequest',
      ] as const
    ).flatMap((method) => [[method, 'before'] as const, [method, 'after'] as const]),
  )('at %s, %s its effect, ends in one commit and one pull request', async (method, when) => {
    const { world, task } = await approved();
    world.github.faults.plan({ method, nth: 1, when });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    await settleTask(world.context, task.id);
    expect(branchOf(world, task).head?.parents).toEqual([baseSha]);
    expect(world.github.issues.opened).toHaveLength(1);
    expect((await storedNow(world, task)).state).toBe('done');
    const types = world.ledger.types();
    expect(types.filter((type) => type === 'patch.committed')).toHaveLength(1);
    expect(types.filter((type) => type === 'pull-request.opened')).toHaveLength(1);
  });

  it.each(['steps.begin', 'steps.finish'] as const)(
    'of the record at any %s ends in one commit and one pull request',
    async (method) => {
      for (const nth of [1, 2]) {
        const { world, task } = await approved();
        world.store.faults.plan({ method, nth, when: 'after' });
        await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
        await settleTask(world.context, task.id);
        expect(world.github.issues.opened).toHaveLength(1);
        expect(branchOf(world, task).head?.parents).toEqual([baseSha]);
        expect((await storedNow(world, task)).state).toBe('done');
      }
    },
  );

  it('finds the pull request also where somebody has closed it meanwhile', async () => {
    const { world, task } = await approved();
    world.github.faults.plan({ method: 'issues.openPullRequest', nth: 1, when: 'after' });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    for (const pull of world.github.issues.opened) pull.state = 'closed';
    await settleTask(world.context, task.id);
    expect(world.github.issues.opened).toHaveLength(1);
  });

  it('takes a refusal for what it is where another process has opened it', async () => {
    const { world, task } = await approved();
    const error = new SallyportError('github.rejected', 'a pull request exists already');
    world.github.faults.plan({ method: 'issues.openPullRequest', nth: 1, when: 'after', error });
    await settleTask(world.context, task.id);
    expect(world.github.issues.opened).toHaveLength(1);
    expect((await storedNow(world, task)).state).toBe('done');
  });

  it('fails the task where GitHub refuses the pull request for good', async () => {
    const { world, task } = await approved();
    const error = new SallyportError('github.rejected', 'no drafts here');
    world.github.faults.plan({ method: 'issues.openPullRequest', nth: 1, when: 'before', error });
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({
      state: 'failed',
      reason: 'report:github.rejected',
    });
  });

  it('voids the approval where the branch has somebody else’s commit', async () => {
    const { world, task } = await approved();
    const { name } = branchOf(world, task);
    world.github.branches.set(`${repository.repositoryId}:${name}`, {
      sha: newerSha,
      message: 'mine',
      parents: [baseSha],
      files: new Map(),
    });
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({
      state: 'superseded',
      reason: 'approval:void: its branch is taken',
    });
    expect(world.github.issues.opened).toEqual([]);
  });

  it('is no reason to look for the branch where GitHub is away', async () => {
    const { world, task } = await approved();
    await world.store.steps.begin(task.id, 'commit');
    world.github.faults.plan({ method: 'commits.branchHead', nth: 1, when: 'before' });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    expect(world.github.issues.opened).toEqual([]);
  });
});
