import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckRun } from '../support/github/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

let system: System;

afterEach(async () => {
  const { violations } = system.standIn;
  await system.stop();
  expect(violations).toEqual([]);
});

/** Findings fail nothing, so that a review passes. */
const lenient = (text: string) => text.replace('failOn: error', 'failOn: never');

/** The `nth` run of the required check on a commit, once it is concluded. */
function concluded(sha: string, nth = 1, name = repo): Promise<CheckRun> {
  return waitFor(`run ${nth} of the check`, () => {
    const runs = system.standIn.checkRuns(name, sha).filter((run) => run.name === 'sallyport');
    const run = runs[nth - 1];
    return run?.status === 'completed' ? run : undefined;
  });
}

describe('the required check', () => {
  it('is concluded for re-runs of all, other bases, forks and other names', async () => {
    system = await startSystem({ policy: lenient });
    const { standIn } = system;
    const { number, headSha } = await system.openSample();
    const first = await concluded(headSha);
    expect(['success', 'neutral']).toContain(first.conclusion);

    await standIn.rerequestCheckSuite(first.suite.id, 'maintainer');
    await concluded(headSha, 2);

    await standIn.pushBranch(repo, 'release', { files: { 'NOTES.md': 'notes\n' } });
    await standIn.retargetPullRequest(repo, number, 'release');
    await concluded(headSha, 3);

    await standIn.fork(repo, 'stranger');
    const fork = 'stranger/parcel-tracker';
    await standIn.pushBranch(fork, 'fix', { files: { 'src/new.js': 'export const a = 1;\n' } });
    const wish = { repo, headRepo: fork, author: 'stranger', head: 'fix', title: 'Add a' };
    const { pull } = await standIn.openPullRequest(wish);
    const held = await concluded(pull.headSha);
    expect(held.conclusion).toBe('action_required');
    // GitHub names no pull request for either: what they are about is in the run's external id, and in our record.
    await standIn.clickCheckAction(held.id, 'approve-run', 'maintainer');
    await waitFor('the review', () =>
      held.status === 'completed' && held.conclusion !== 'action_required' ? true : undefined,
    );
    await standIn.rerequestCheckSuite(held.suite.id, 'maintainer');
    await concluded(pull.headSha, 2);

    await standIn.renameRepository(repo, 'parcels');
    const name = 'acme/parcels';
    const source = { files: { 'src/late.js': 'export const late = true;\n' } };
    await concluded(await standIn.pushToPullRequest(name, number, source), 1, name);
  });

  it('is concluded when the App was suspended in the middle and is let in again', async () => {
    system = await startSystem({ policy: lenient });
    const { standIn } = system;
    const { headSha } = await system.openSample();
    await waitFor('the run', () =>
      system.checks(headSha).some((run) => run.status === 'in_progress') ? true : undefined,
    );
    await standIn.suspendApp(repo);
    const endings = async () =>
      (await system.rows()).filter((row) => row.type === 'report.published');
    await waitFor('the end of the task', async () =>
      (await endings()).length > 0 ? true : undefined,
    );
    expect((await concludedNow(headSha)).length).toBe(0);
    await standIn.unsuspendApp(repo);
    expect((await concluded(headSha, 1)).conclusion).toBe('cancelled');
    expect((await concluded(headSha, 2)).conclusion).not.toBe('cancelled');
  });

  it('is concluded although the webhook came when nobody was there: GitHub is asked again', async () => {
    system = await startSystem({ env: { PORT: String(await freePort()) }, policy: lenient });
    await system.app.stop();
    const { headSha } = await system.openSample();
    const missed = system.standIn.deliveries.find((one) => one.event === 'pull_request');
    expect(missed?.statusCode).toBe(0);
    await system.restart();
    await concluded(headSha);
    const again = system.standIn.deliveries.filter((one) => one.guid === missed?.guid);
    expect(again.map((one) => one.redelivery)).toEqual([false, true]);
    const asked = (await system.rows()).filter((row) => row.type === 'delivery.asked-again');
    expect(asked.map((row) => row.data['deliveryId'])).toContain(missed?.guid);
  });
});

async function concludedNow(sha: string): Promise<readonly CheckRun[]> {
  await system.standIn.settled();
  return system.checks(sha).filter((run) => run.status === 'completed');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
