import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { branchOf, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, repository, World } from '../../support/fakes/world.ts';

const hourMs = 3_600_000;

async function scene(approvals: Partial<EffectiveTask['approvals']>) {
  const world = new World();
  for (const login of ['ada', 'bob', 'eve']) world.setRole(login, 'write');
  world.setRules('fix', { approvals: { ...world.policy.policy.approvals, ...approvals } });
  return { world, task: await storedTask(world, 'awaiting-approval') };
}

function approve(world: World, task: Task, login: string) {
  const cause = world.nextDelivery();
  const by = world.person(login);
  return decide(approvalContext(world.context), {
    task,
    decision: 'approve',
    by,
    via: 'button',
    cause,
    saidAtMs: world.clock.nowMs(),
  });
}

async function stateOf(world: World, task: Task): Promise<string> {
  return (await storedNow(world, task)).state;
}

function codeOwners(world: World, text: string): void {
  world.github.texts.set(`${repository.repositoryId}:main:.github/CODEOWNERS`, text);
}

describe('a patch that several have to approve', () => {
  it('waits for as many people, and says how many are missing', async () => {
    const { world, task } = await scene({ count: 2 });
    const first = await approve(world, task, 'ada');
    expect(first).toMatchObject({ allowed: true, isCounted: true });
    expect(first.reason).toBe('1 of 2 approvals that count.');
    expect(await stateOf(world, task)).toBe('awaiting-approval');
    expect(world.ledger.types()).toEqual(['gate.write.counted']);
    await settleTask(world.context, task.id);
    const [run] = world.github.runs.values();
    expect(run?.output.summary).toContain('2 people have to approve; 1 did.');
    expect(await approve(world, task, 'bob')).toMatchObject({ allowed: true });
    expect(await stateOf(world, task)).toBe('applying');
  });

  it('counts people, and not how often they say it', async () => {
    const { world, task } = await scene({ count: 2 });
    for (let times = 0; times < 3; times += 1) await approve(world, task, 'ada');
    expect(await stateOf(world, task)).toBe('awaiting-approval');
    expect(await world.store.approvals.ofTask(task.id)).toHaveLength(1);
  });

  it('does not count whom policy or GitHub does not let approve any more', async () => {
    const { world, task } = await scene({ count: 2 });
    await approve(world, task, 'ada');
    world.setRole('ada', 'read');
    expect(await approve(world, task, 'bob')).toMatchObject({ isCounted: true });
    expect(await approve(world, task, 'eve')).toMatchObject({ allowed: true });
    expect(await stateOf(world, task)).toBe('applying');
  });

  it('does not count an approval that is too old, until it is given anew', async () => {
    const { world, task } = await scene({ count: 2, expiresAfterHours: 1 });
    await approve(world, task, 'ada');
    await world.clock.advance(hourMs + 1);
    expect(await approve(world, task, 'bob')).toMatchObject({ isCounted: true });
    await approve(world, task, 'ada');
    expect(await stateOf(world, task)).toBe('applying');
  });

  it('is not written when one of them lost the permission before it is', async () => {
    const { world, task } = await scene({ count: 2 });
    await approve(world, task, 'ada');
    await approve(world, task, 'bob');
    world.setRole('ada', 'none');
    await settleTask(world.context, task.id);
    const { state, reason } = await storedNow(world, task);
    expect([state, reason]).toEqual(['superseded', 'approval:void: 1 of 2 approvals that count.']);
    expect(branchOf(world).sha).toBe(headSha);
  });

  it('answers a comment whose approval counts', async () => {
    const { world } = await scene({ count: 2 });
    await handleTrigger(world.context, world.comment('ada', '/sallyport approve'));
    expect(world.github.comments.at(-1)?.body).toContain(
      'Your approval counts. 1 of 2 approvals that count.',
    );
  });
});

describe('a patch of files that have owners', () => {
  it('waits for an owner, whoever else approves, and mentions nobody', async () => {
    const { world, task } = await scene({ codeOwners: true });
    codeOwners(world, '/src/ @bob\n');
    const answer = await approve(world, task, 'ada');
    expect(answer).toMatchObject({ isCounted: true });
    expect(answer.reason).toBe('An approval is missing by `@bob`.');
    await settleTask(world.context, task.id);
    expect([...world.github.runs.values()][0]?.output.summary).toContain('owners of each file');
    await approve(world, task, 'bob');
    expect(await stateOf(world, task)).toBe('applying');
  });

  it('takes a member of the team that owns them', async () => {
    const { world, task } = await scene({ codeOwners: true });
    codeOwners(world, '/src/ @acme/core\n');
    world.github.teams = new Map([['acme/core', ['bob']]]);
    expect(await approve(world, task, 'ada')).toMatchObject({ isCounted: true });
    await approve(world, task, 'bob');
    expect(await stateOf(world, task)).toBe('applying');
  });

  it('stays shut while the owners cannot be read', async () => {
    const { world, task } = await scene({ codeOwners: true });
    codeOwners(world, '# x\n'.repeat(1024 * 1024));
    const answer = await approve(world, task, 'ada');
    expect(answer.reason).toContain('CODEOWNERS could not be read');
    expect(await stateOf(world, task)).toBe('awaiting-approval');
  });

  it('is for owners of every file alone where the policy says so of who may approve', async () => {
    const { world, task } = await scene({});
    codeOwners(world, '/src/ @bob\n');
    world.setRules('fix', { approve: [{ codeOwners: true }] });
    expect((await approve(world, task, 'ada')).allowed).toBe(false);
    await approve(world, task, 'bob');
    expect(await stateOf(world, task)).toBe('applying');
  });
});

describe('a patch that a team has to approve', () => {
  it.each([
    ['ada', ['ada'], true],
    ['bob', ['ada'], false],
    ['ada', null, false],
  ])('by %s, with members %j: %s', async (login, members, allowed) => {
    const { world, task } = await scene({});
    world.setRules('fix', { approve: [{ permission: 'write' }, { teams: ['acme/core'] }] });
    world.github.teams = members === null ? null : new Map([['acme/core', members]]);
    expect((await approve(world, task, login)).allowed).toBe(allowed);
    expect(await stateOf(world, task)).toBe(allowed ? 'applying' : 'awaiting-approval');
  });
});
