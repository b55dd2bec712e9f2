import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../src/dispatch/check-policy.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { FakePolicyFacts } from '../../support/fakes/fake-policy-facts.ts';
import { baseSha, headSha, newerSha, repository, World } from '../../support/fakes/world.ts';

const own = 'acme/parcel-tracker';
const path = '.github/sallyport.yml';
const operator = {
  layer: 'operator',
  file: 'op.yml',
  content: readFileSync('test/fixtures/policy/operator.yml', 'utf8'),
} as const;

/** A pull request that changes the policy from one text to another; null: no such file. */
function scene(before: string | null, after: string | null, name = own) {
  const world = new World();
  const facts = new FakePolicyFacts('acme/.github');
  facts.mergeBaseSha = baseSha;
  const put = (ref: string, text: string | null, file = path) => {
    if (text !== null) facts.files.set(`${name}@${ref}:${file}`, `version: 1\n${text}`);
  };
  for (const ref of ['main', baseSha]) put(ref, before);
  put(headSha, after);
  const { checkRuns, pullRequests } = world.github;
  const { policyFacts } = facts;
  const { cursors, ledger } = world.store;
  const deps = { facts: policyFacts, checkRuns, pullRequests, ledger, operator, cursors };
  const check = async (trigger: Trigger = world.pullRequest('opened')) => {
    const [, short = ''] = name.split('/');
    const there = { repository: { ...repository, name: short } };
    await checkPolicy(deps, 'repository' in trigger ? { ...trigger, ...there } : trigger);
    return [...world.github.runs.values()];
  };
  return { world, facts, put, check };
}

describe('a pull request that edits a policy', () => {
  it('has a check of its own with the faults on their lines', async () => {
    const { world, check } = scene('', 'limits:\n  pid: 1');
    const runs = await check();
    expect(runs).toMatchObject([
      {
        name: 'sallyport / policy',
        headSha,
        state: { status: 'completed', conclusion: 'failure' },
        annotations: [{ path, startLine: 3, title: 'limits.pid' }],
      },
    ]);
    expect(world.ledger.entries.at(-1)).toMatchObject({
      type: 'policy.checked',
      data: { path, conclusion: 'failure', pullRequest: 12 },
    });
  });

  it('says what it loosens, below the organisation’s layer', async () => {
    const { facts, check } = scene('limits: { pids: 32 }', 'limits: { pids: 64 }');
    expect((await check())[0]?.output.title).toBe('Loosens 1 value');
    facts.files.set('acme/.github@main:sallyport.yml', 'version: 1\nlimits: { pids: 48 }\n');
    // What stands above has changed: that is another check.
    expect((await check())[1]?.output.title).toBe('1 fault in this policy');
  });

  it('does not pass when the organisation’s layer, read before, is out of reach', async () => {
    const { world, facts, check } = scene('limits: { pids: 64 }', 'limits: { pids: 32 }');
    expect((await check())[0]?.state).toMatchObject({ conclusion: 'success' });
    facts.policyFacts.find = async () => undefined;
    await world.store.cursors.move('organisation-layer:acme', 0, 1);
    expect((await check())[1]?.state).toMatchObject({ conclusion: 'failure' });
  });

  it('is checked once, however often it is told of', async () => {
    const { check } = scene('', 'limit: 1');
    await check();
    const runs = await check();
    expect([runs.length, runs[0]?.annotations.length]).toEqual([1, 1]);
  });

  it.each([
    ['adds one', null, '', 'success'],
    ['removes one', 'forks: refuse', null, 'neutral'],
  ])('%s', async (_what, before, after, conclusion) => {
    expect((await scene(before, after).check())[0]?.state).toMatchObject({ conclusion });
  });

  it('fails where the policy becomes a link, or was one', async () => {
    const link = { kind: 'unreadable', reason: 'is a link; a policy is a file' } as const;
    const { facts, check } = scene('', '');
    facts.files.set(`${own}@${headSha}:${path}`, link);
    const [run] = await check();
    expect(run?.state).toMatchObject({ conclusion: 'failure' });
    expect(run?.annotations).toMatchObject([{ message: 'is a link; a policy is a file.' }]);
    const back = scene(null, '');
    for (const ref of ['main', baseSha]) back.facts.files.set(`${own}@${ref}:${path}`, link);
    expect((await back.check())[0]?.output.summary).toContain('could not be read');
  });

  it('fails where the organisation’s layer cannot be read', async () => {
    const { facts, check } = scene('', 'forks: refuse');
    const reason = 'is a link; a policy is a file';
    facts.files.set('acme/.github@main:sallyport.yml', { kind: 'unreadable', reason });
    const [run] = await check();
    expect(run?.state).toMatchObject({ conclusion: 'failure' });
    expect(run?.output.summary).toContain('stands below a policy that is a link');
  });

  it('in the repository .github is checked for the organisation, below the operator’s alone', async () => {
    const { put, check } = scene(null, null, 'acme/.github');
    put(headSha, 'limits: { pids: 999 }', 'sallyport.yml');
    expect(await check()).toMatchObject([
      {
        name: 'sallyport / organisation policy',
        annotations: [{ path: 'sallyport.yml', startLine: 2 }],
      },
    ]);
  });
});

describe('a check of a policy that is asked for again', () => {
  const again = (world: World, run: { id: number; externalId: string }): Trigger => {
    const { deliveryId, receivedAtMs } = world.byGitHub();
    const common = { deliveryId, receivedAtMs, repository, sender: world.person('contributor') };
    const asked = { checkRunId: run.id, externalId: run.externalId, headSha };
    return { ...common, type: 'check-rerequested', ...asked };
  };
  const allAgain = (world: World): Trigger => {
    const common = { ...world.byGitHub(), repository, sender: world.person('contributor') };
    return { ...common, type: 'suite-rerequested', headSha, pullRequests: [] };
  };

  /** A pull request that was checked, and whose run GitHub shows as under way since. */
  async function checked() {
    const edit = scene('', 'limit: 1');
    const [run] = await edit.check();
    if (run === undefined) throw new Error('no check');
    run.state = { status: 'in_progress' };
    return { ...edit, run };
  }

  it.each([
    ['by itself', again],
    ['with all others of its commit', allAgain],
  ] as const)('%s is concluded as the policies are now', async (_how, ask) => {
    const { world, run, check } = await checked();
    expect(await check(ask(world, run))).toHaveLength(1);
    expect(run.state).toEqual({ status: 'completed', conclusion: 'failure' });
  });

  it('makes another check where the layers above are others now, and ends the old one without a pass', async () => {
    const { world, facts, run, check } = await checked();
    facts.files.set('acme/.github@main:sallyport.yml', 'version: 1\nlimits: { pids: 48 }\n');
    const runs = await check(again(world, run));
    expect(runs.map(({ state }) => state)).toMatchObject([
      { conclusion: 'cancelled' },
      { conclusion: 'failure' },
    ]);
  });

  it.each([
    ['is closed', { state: 'closed' as const }],
    ['has a newer commit that edits nothing', { headSha: newerSha }],
  ])('is ended without a pass where the pull request %s', async (_how, pull) => {
    const { world, put, run, check } = await checked();
    world.setPull(pull);
    put(newerSha, '');
    expect(await check(again(world, run))).toHaveLength(1);
    expect(run.state).toEqual({ status: 'completed', conclusion: 'cancelled' });
  });

  it.each(['policy-12', 'policy-0-sha256:', `policy-12-sha256:${'x'.repeat(64)}`, 'pull-12-t'])(
    'is nothing else: %s',
    async (externalId) => {
      const { world, run, check } = await checked();
      await check(again(world, { ...run, externalId }));
      expect(run.state).toEqual({ status: 'in_progress' });
    },
  );
});

describe('no check of a policy', () => {
  it('is made where the pull request leaves it as it is', async () => {
    expect(await scene('forks: refuse', 'forks: refuse').check()).toEqual([]);
    expect(await scene(null, null).check()).toEqual([]);
  });

  it('is made where the base branch alone has changed it', async () => {
    const { put, check } = scene('forks: refuse', 'forks: refuse');
    put('main', 'forks: wait');
    expect(await check()).toEqual([]);
  });

  it('is made of a file of another place', async () => {
    const { put, check } = scene(null, null);
    put(headSha, 'limit: 1', 'sallyport.yml');
    expect(await check()).toEqual([]);
  });

  it('is made when a pull request is closed, or for another event', async () => {
    const { world, check } = scene('', 'limit: 1');
    expect(await check(world.pullRequest('closed'))).toEqual([]);
    expect(await check(world.comment('maintainer', '/sallyport review'))).toEqual([]);
    world.setPull({ state: 'closed' });
    expect(await check()).toEqual([]);
  });
});
