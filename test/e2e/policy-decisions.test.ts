import { afterEach, describe, expect, it } from 'vitest';
import { sampleBase } from '../demo/sample-repository.ts';
import type { CheckRun } from '../support/github/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

describe('decisions by the policy', () => {
  let system: System;

  afterEach(async () => {
    expect(system.standIn.violations).toEqual([]);
    await system.stop();
  });

  function lastReply(number: number): string {
    const own = system.standIn
      .issueComments(repo, number)
      .filter(({ author }) => author.type === 'Bot');
    return own.at(-1)?.body ?? '';
  }

  function shows(sha: string, name: string, words: string): Promise<CheckRun> {
    return waitFor(`a check that says ${words}`, () =>
      system.checks(sha, name).find((run) => run.output.summary?.includes(words)),
    );
  }

  it('take two people for a patch, none who asked for it, and an owner of its files', async () => {
    const files = 'files' in sampleBase ? sampleBase.files : {};
    system = await startSystem({
      policy: (text) =>
        text
          .replace('count: 1', 'count: 2')
          .replace('requesterMayApprove: true', 'requesterMayApprove: false')
          .replace('codeOwners: false', 'codeOwners: true'),
      base: { ...sampleBase, files: { ...files, '.github/CODEOWNERS': '* @acme/core\n' } },
    });
    const { standIn } = system;
    for (const login of ['reviewer', 'owner']) standIn.setPermission(repo, login, 'write');
    standIn.addToTeam('acme/core', 'owner');
    const { number, headSha } = await system.openSample();
    await standIn.comment(repo, number, 'maintainer', '/sallyport fix');
    const fix = await shows(headSha, 'sallyport fix', '2 people have to approve; 0 did.');
    expect(fix.conclusion).toBe('action_required');

    await standIn.clickCheckAction(fix.id, 'apply', 'maintainer');
    await waitFor('the refusal', () => lastReply(number).includes('somebody other than who asked'));
    await standIn.clickCheckAction(fix.id, 'apply', 'reviewer');
    await shows(headSha, 'sallyport fix', '2 people have to approve; 1 did.');
    expect(standIn.pullRequest(repo, number).pull.headSha).toBe(headSha);

    await standIn.clickCheckAction(fix.id, 'apply', 'owner');
    const sha = await waitFor('the commit', () => {
      const now = standIn.pullRequest(repo, number).pull.headSha;
      return now === headSha ? undefined : now;
    });
    expect((await standIn.commit(repo, sha)).parents).toEqual([headSha]);
  });

  it('hold up in quiet hours what nobody asked for, and everything without a budget', async () => {
    const days = '[mon, tue, wed, thu, fri, sat, sun]';
    system = await startSystem({
      policy: (text) =>
        [
          text,
          'quietHours:',
          `  - { days: ${days}, from: "00:00", to: "24:00", timeZone: UTC }`,
          'budgets: { perRepository: { tasks: 1 } }',
        ].join('\n'),
    });
    const { standIn } = system;
    const { number, headSha } = await system.openSample();
    const quiet = await shows(headSha, 'sallyport', 'Quiet hours');
    expect(quiet.status).toBe('queued');
    await standIn.comment(repo, number, 'maintainer', '/sallyport review');
    await waitFor('the review that was asked for', () =>
      system.checks(headSha).find(({ conclusion }) => conclusion === 'failure'),
    );
    await standIn.comment(repo, number, 'maintainer', '/sallyport fix');
    const waiting = await shows(headSha, 'sallyport fix', '1 of 1 tasks');
    expect(waiting.status).toBe('queued');
  });
});
