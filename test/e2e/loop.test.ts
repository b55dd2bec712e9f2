import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

describe('the whole loop', () => {
  let system: System;

  beforeEach(async () => {
    system = await startSystem();
  });

  afterEach(async () => {
    // Every request that the App made, GitHub would have taken, and every answer was one GitHub gives.
    expect(system.standIn.violations).toEqual([]);
    await system.stop();
  });

  it('reviews a pull request: annotations, suggestions inside the diff, a conclusion, a ledger', async ({
    task,
  }) => {
    // The second run of these tests is no second run against github.com.
    expect(system.env['GITHUB_API_URL']?.endsWith('/api/v3')).toBe(
      task.file.projectName === 'ghes',
    );
    const { number, headSha } = await system.openSample();
    const check = await system.concluded(headSha);
    expect(check.conclusion).toBe('failure');
    expect(check.annotations.map((note) => note.path)).toEqual(
      expect.arrayContaining(['src/track.js', 'scripts/clean.sh', 'tools/report.py']),
    );
    const comments = system.standIn.reviewComments(repo, number);
    expect(comments.length).toBeGreaterThan(0);
    expect(comments.every((comment) => comment.body.includes('suggestion'))).toBe(true);
    const ledger = await system.ledger(check);
    expect(ledger.verified).toBe(true);
    expect(ledger.entries.map((entry) => entry.type)).toEqual(
      expect.arrayContaining([
        'delivery.taken',
        'task.planned',
        'check.created',
        'task.preparing',
        'task.running',
        'task.collecting',
        'task.publishing',
        'task.done',
        'report.published',
      ]),
    );
  });

  it('refuses a stranger, says who may, and does nothing', async () => {
    const { number, headSha } = await system.openSample();
    await system.concluded(headSha);
    const { comment } = await system.standIn.comment(repo, number, 'stranger', '/sallyport fix');
    const reply = await waitFor('the refusal', () =>
      system.standIn.issueComments(repo, number).find((one) => one.author.type === 'Bot'),
    );
    expect(reply.body).toContain('`write` permission or more');
    expect(reply.body).not.toMatch(/@\w/);
    expect(system.standIn.reactions(comment.id)).toHaveLength(1);
    expect(system.checks(headSha, 'sallyport fix')).toEqual([]);
  });

  it('holds a fix until a maintainer approves it, then commits it as the App', async () => {
    const { number, headSha } = await system.openSample();
    await system.concluded(headSha);
    await system.standIn.comment(repo, number, 'maintainer', '/sallyport fix');
    const fix = await system.concluded(headSha, 'sallyport fix');
    expect(fix.conclusion).toBe('action_required');
    expect(fix.actions.map((action) => action.identifier)).toEqual(['apply', 'reject', 're-run']);
    expect(system.standIn.pullRequest(repo, number).pull.headSha).toBe(headSha);

    await system.standIn.clickCheckAction(fix.id, 'apply', 'stranger');
    await waitFor('the refusal', () =>
      system.standIn.issueComments(repo, number).find((one) => one.author.type === 'Bot'),
    );
    expect(system.standIn.pullRequest(repo, number).pull.headSha).toBe(headSha);

    await system.standIn.clickCheckAction(fix.id, 'apply', 'maintainer');
    const sha = await waitFor('the commit', () => {
      const now = system.standIn.pullRequest(repo, number).pull.headSha;
      return now === headSha ? undefined : now;
    });
    const commit = await system.standIn.commit(repo, sha);
    expect(commit.author.name).toBe('sallyport[bot]');
    expect(commit.parents).toEqual([headSha]);
    await waitFor('the end of the fix', () => (fix.conclusion === 'success' ? true : undefined));
    const next = await system.concluded(sha);
    expect((await system.ledger(next)).verified).toBe(true);
    // What the commit fixed is said to be, in threads that are resolved; nothing is said again.
    const threads = system.standIn.reviewThreads(repo, number);
    const fixed = threads.filter(({ thread }) => thread.resolvedBy?.login === 'sallyport[bot]');
    expect(fixed.length).toBeGreaterThan(0);
    for (const { first } of fixed)
      expect(first.body).toContain(`Fixed** in \`${sha.slice(0, 7)}\``);
    expect(threads.filter(({ first }) => first.originalCommitId !== headSha)).toEqual([]);
  });

  it('supersedes the older task on a push, and ends its check', async () => {
    const { number, headSha } = await system.openSample();
    await waitFor('the first check', () => system.checks(headSha).at(0));
    const newer = await system.standIn.pushToPullRequest(repo, number, {
      files: { 'src/late.js': 'export const late = true;\n' },
    });
    const last = await system.concluded(newer);
    const first = await system.concluded(headSha);
    expect(last.conclusion).not.toBe('cancelled');
    expect(['cancelled', 'success', 'failure', 'neutral', 'skipped']).toContain(first.conclusion);
    expect((await system.ledger(last)).verified).toBe(true);
  });

  it('holds an outsider at gate 1 until somebody with permission lets the run start', async () => {
    const { headSha } = await system.openSample('stranger');
    const held = await system.concluded(headSha);
    expect(held.conclusion).toBe('action_required');
    expect(held.actions.map((action) => action.identifier)).toEqual(['approve-run']);
    await system.standIn.clickCheckAction(held.id, 'approve-run', 'maintainer');
    const ran = await waitFor('the review', () =>
      held.status === 'completed' && held.conclusion !== 'action_required' ? held : undefined,
    );
    expect(ran.conclusion).toBe('failure');
  });

  it('reviews one head once, however often GitHub says so', async () => {
    const { number, headSha } = await system.openSample();
    await system.concluded(headSha);
    const opened = system.standIn.deliveries.find((one) => one.event === 'pull_request');
    await system.standIn.redeliver(opened?.id ?? 0);
    await system.standIn.closePullRequest(repo, number, 'contributor');
    await system.standIn.reopenPullRequest(repo, number, 'contributor');
    await system.standIn.comment(repo, number, 'maintainer', '/sallyport help');
    await waitFor('the help', () =>
      system.standIn.issueComments(repo, number).find((one) => one.author.type === 'Bot'),
    );
    expect(system.checks(headSha)).toHaveLength(1);
    expect(system.standIn.reviews(repo, number).length).toBeLessThanOrEqual(1);
  });

  it('runs again when somebody presses re-run', async () => {
    const { headSha } = await system.openSample();
    const first = await system.concluded(headSha);
    await system.standIn.rerequestCheckRun(first.id, 'maintainer');
    const again = await waitFor('the second run', () =>
      system.checks(headSha).find((run) => run.id !== first.id && run.status === 'completed'),
    );
    expect(again.conclusion).toBe(first.conclusion);
  });
});
