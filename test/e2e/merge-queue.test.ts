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

/** The required check of a commit, once it is concluded. */
function concluded(sha: string): Promise<CheckRun> {
  return waitFor('the check', () => system.checks(sha).find((run) => run.status === 'completed'));
}

describe('the required check of a merge group', () => {
  it('passes where the pull request’s own has passed, once, whatever becomes of the group', async () => {
    system = await startSystem({
      policy: (text) => text.replace('failOn: error', 'failOn: never'),
    });
    const { standIn } = system;
    const { number, headSha } = await system.openSample();
    expect(['success', 'neutral']).toContain((await concluded(headSha)).conclusion);
    const group = await standIn.requestMerge(repo, number);
    expect((await concluded(group.headSha)).conclusion).toBe('success');
    await standIn.destroyMerge(group);
    const source = { files: { 'src/late.js': 'export const late = true;\n' } };
    await concluded(await standIn.pushToPullRequest(repo, number, source));
    expect(system.checks(group.headSha)).toHaveLength(1);
  });

  it('fails where the pull request’s own has failed', async () => {
    system = await startSystem();
    const { number, headSha } = await system.openSample();
    expect((await concluded(headSha)).conclusion).toBe('failure');
    const group = await system.standIn.requestMerge(repo, number);
    expect((await concluded(group.headSha)).conclusion).toBe('failure');
  });
});
