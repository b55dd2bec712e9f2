import { describe, expect, it } from 'vitest';
import { issueBehind, issueBranch, readSubject } from '../../../src/approval/read-subject.ts';
import { addIssue, issueNumber, issueTask, moveTrunk } from '../../support/fakes/issue-scene.ts';
import { baseSha, newerSha, World } from '../../support/fakes/world.ts';

describe('what a task is about', () => {
  it('is for an issue the commit that it was planned on, wherever the default branch is', async () => {
    const world = new World();
    addIssue(world);
    const task = await issueTask(world, 'awaiting-approval');
    moveTrunk(world, newerSha);
    expect(await readSubject(world.github, task)).toMatchObject({
      number: issueNumber,
      state: 'open',
      headSha: baseSha,
      baseSha,
      baseRef: 'main',
      headRef: issueBranch(task),
      authorId: 0,
      isFork: false,
    });
  });

  it('cannot be read where GitHub has no such issue: nothing is let through', async () => {
    const world = new World();
    addIssue(world);
    const task = await issueTask(world, 'awaiting-approval', { task: { pullRequest: 31 } });
    await expect(readSubject(world.github, task)).rejects.toMatchObject({
      code: 'github.not-found',
    });
  });

  it.each([
    ['sallyport/issue-30-t4920b04', 30],
    ['sallyport/issue-030-t4920b04', undefined],
    ['sallyport/issue-30-4920b048', undefined],
    ['sallyport/issue-30-t4920b04x', undefined],
    ['x/sallyport/issue-30-t4920b04', undefined],
    ['sallyport/issue-30000000000-t4920b04', undefined],
    ['main', undefined],
  ])('is told by the branch %s: %s', (branch, number) => {
    expect(issueBehind(branch)).toBe(number);
  });
});
