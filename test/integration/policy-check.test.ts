import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkPolicy } from '../../src/dispatch/check-policy.ts';
import { DeliveryId } from '../../src/domain/ids.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { FakeLedger } from '../support/fakes/fake-ledger.ts';
import { FakeCursorStore } from '../support/fakes/fake-small-stores.ts';
import { type AdapterStage, endAdapterStage, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

/** Pushes a policy as a pull request of its own, and lets the App look at it. */
async function propose(policy: string): Promise<number> {
  const { gitHub } = at.stage;
  const files = { '.github/sallyport.yml': policy };
  await gitHub.pushBranch(NAME, 'policy', { files }, 'mona');
  const wish = { repo: NAME, author: 'mona', head: 'policy', title: 'A policy' };
  const { number, pull } = await gitHub.openPullRequest(wish);
  const { policyFacts: facts, checkRuns, pullRequests } = at.gitHub;
  const content = readFileSync('test/fixtures/policy/operator.yml');
  const operator = { layer: 'operator', file: 'op.yml', content } as const;
  const ledger = new FakeLedger(new FakeClock());
  const { repository } = at;
  const trigger = {
    type: 'pull-request',
    action: 'opened',
    deliveryId: DeliveryId.parse('d1'),
    repository,
    sender: { id: 1, login: 'mona', type: 'User' },
    receivedAtMs: 0,
    number,
    headSha: at.headSha,
  } as const;
  const cursors = new FakeCursorStore();
  const deps = { facts, checkRuns, pullRequests, ledger, operator, cursors };
  await checkPolicy(deps, trigger);
  await checkPolicy(deps, trigger);
  expect(pull.headSha).not.toBe(at.headSha);
  return number;
}

async function shown(number: number) {
  const { octokit } = at.scene;
  const place = { owner: 'acme', repo: 'widget' };
  const pull = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...place,
    pull_number: number,
  });
  const ref = pull.data.head.sha;
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...place,
    ref,
  });
  const [run] = data.check_runs;
  const annotations = await octokit.request(
    'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    { ...place, check_run_id: run?.id ?? 0 },
  );
  return { count: data.total_count, run, annotations: annotations.data };
}

it('GitHub shows the faults of a proposed policy on their lines, once', async () => {
  const { count, run, annotations } = await shown(
    await propose('version: 1\nlimits: { pid: 1 }\n'),
  );
  expect(count).toBe(1);
  expect(run).toMatchObject({ name: 'sallyport / policy', conclusion: 'failure' });
  expect(annotations).toMatchObject([
    { path: '.github/sallyport.yml', start_line: 2, annotation_level: 'failure' },
  ]);
});

it('GitHub shows what a sound policy tightens', async () => {
  const { run } = await shown(await propose('version: 1\nlimits: { pids: 64 }\n'));
  expect(run).toMatchObject({ conclusion: 'success' });
  expect(run?.output.summary).toContain('| tightens | limits.pids | as above | 64 |');
});
