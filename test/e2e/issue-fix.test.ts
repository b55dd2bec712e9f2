import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BranchSource } from '../support/github/branch-source.ts';
import type { PullRequest } from '../support/github/records.ts';
import { isPullRequest } from '../support/github/world.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

/** The default branch has what a fix mends, in a file that nobody changed of late. */
const base: BranchSource = {
  files: {
    'src/track.js': 'export const track = true;   \n',
    'scripts/clean.sh': '#!/bin/sh\nset -eu\nnow=`date`\necho "$now"\n',
  },
};
const fix = '/sallyport fix';

describe('a fix on an issue', () => {
  let system: System;
  let issue: number;
  let trunk: string;

  beforeEach(async () => {
    system = await startSystem({ base });
    const { standIn } = system;
    issue = await standIn.openIssue(repo, 'stranger', 'closes #1 @acme/owners', '/sallyport fix');
    trunk = (await standIn.branchHead(repo, 'main')) ?? '';
  });

  afterEach(async () => {
    expect(system.standIn.violations).toEqual([]);
    expect(system.standIn.unmetFaults).toBe(0);
    await system.stop();
  });

  /** The App's one comment on the issue, once it says so. */
  function told(words: string | RegExp): Promise<string> {
    return waitFor(`the words ${String(words)}`, () => {
      const own = system.standIn
        .issueComments(repo, issue)
        .filter(({ author }) => author.type === 'Bot');
      expect(own.length).toBeLessThan(2);
      const body = own[0]?.body ?? '';
      return body.search(words) === -1 ? undefined : body;
    });
  }

  function pulls(): readonly PullRequest[] {
    const { issues } = system.standIn.world.repository(repo);
    return [...issues.values()].filter(isPullRequest);
  }

  /** Asks for a fix, waits until its patch waits, and returns the task's id. */
  async function waitingTask(): Promise<string> {
    await system.standIn.comment(repo, issue, 'maintainer', fix);
    const body = await told(/`\/sallyport approve t[0-9a-f]{24}`/);
    return /`\/sallyport approve (t[0-9a-f]{24})`/.exec(body)?.[1] ?? '';
  }

  async function rowsOf(type: string): Promise<number> {
    return (await system.rows()).filter((row) => row.type === type).length;
  }

  it('is refused to a stranger', async () => {
    await system.standIn.comment(repo, issue, 'stranger', fix);
    expect(await told('permission')).not.toMatch(/@\w/);
    expect(await rowsOf('task.planned')).toBe(0);
  });

  it('waits at the gate, is approved, and is a draft pull request with that one commit', async () => {
    const { standIn } = system;
    const task = await waitingTask();
    expect(await told('The patch')).toMatch(/- `[^`]+`: \d+ bytes → \d+ bytes/);
    expect(pulls()).toEqual([]);

    await standIn.comment(repo, issue, 'stranger', `/sallyport approve ${task}`);
    await told(/stranger has .*permission/);
    expect(pulls()).toEqual([]);

    await standIn.comment(repo, issue, 'maintainer', `/sallyport approve ${task}`);
    await told(/Opened as pull request #\d+\./);
    const [pull, ...others] = pulls();
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      author: { login: 'sallyport[bot]' },
      title: 'Apply fixes to 1 file for issue #1',
      pull: { draft: true, baseRef: 'main', headRef: `sallyport/issue-1-${task.slice(0, 8)}` },
    });
    expect(pull?.body).toContain('For issue #1, which stays open when this is merged.');
    expect(pull?.body).not.toContain('@acme');
    const commit = await standIn.commit(repo, pull?.pull.headSha ?? '');
    expect(commit.author.name).toBe('sallyport[bot]');
    expect(commit.parents).toEqual([trunk]);
    expect(await standIn.branchHead(repo, 'main')).toBe(trunk);
    // An issue has no check: none stands on the commit that the task was about.
    expect(standIn.checkRuns(repo, trunk)).toEqual([]);
  });

  it('is void for another patch: the approved task is replaced, the newer one waits on its own', async () => {
    const { standIn } = system;
    const older = await waitingTask();
    await standIn.pushBranch(
      repo,
      'main',
      { files: { 'src/late.js': 'export const a = 1;   \n' } },
      'maintainer',
    );
    await standIn.comment(repo, issue, 'contributor', fix);
    await waitFor('the newer patch', async () =>
      (await rowsOf('task.awaiting-approval')) === 2 ? true : undefined,
    );
    await standIn.comment(repo, issue, 'maintainer', `/sallyport approve ${older}`);
    await told(/Nothing that waits here is called so\./);
    expect(await rowsOf('gate.write.approved')).toBe(0);
    expect(pulls()).toEqual([]);
  });

  it('ends in one pull request when the answer that opened it was lost, and the App with it', async () => {
    const { standIn } = system;
    const task = await waitingTask();
    standIn.fault({ method: 'POST', path: /\/pulls$/, when: 'after' });
    await standIn.comment(repo, issue, 'maintainer', `/sallyport approve ${task}`);
    await waitFor('the pull request', () => pulls().at(0));
    system.app.child.kill('SIGKILL');
    await system.app.stop();
    await system.restart();
    await told(/Opened as pull request #2\./);
    expect(pulls()).toHaveLength(1);
    expect(await rowsOf('pull-request.opened')).toBe(1);
    expect(await rowsOf('patch.committed')).toBe(1);
  });
});
