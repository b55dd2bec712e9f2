import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRun } from '../support/github/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System, startSystem } from './system.ts';

/** One pull request from its first review to a commit, by every command and every button in turn. */
describe('every command and button', () => {
  let system: System;
  let number: number;
  let headSha: string;

  beforeAll(async () => {
    system = await startSystem({
      policy: (text) => `${text}\ncommands: { short: true }\n`,
    });
    ({ number, headSha } = await system.openSample());
    await system.concluded(headSha);
  });

  afterAll(async () => {
    expect(system.standIn.violations).toEqual([]);
    await system.stop();
  });

  function say(body: string, login = 'maintainer') {
    return system.standIn.comment(repo, number, login, body);
  }

  /** Waits until Sallyport's comment says it. */
  function told(words: string): Promise<string> {
    return waitFor(`an answer that says ${words}`, () =>
      system.standIn
        .issueComments(repo, number)
        .filter(({ author }) => author.type === 'Bot')
        .map(({ body }) => body)
        .find((body) => body.includes(words)),
    );
  }

  /** The newest check of that name on the head, once it stands so. */
  function check(name: string, conclusion: string | null): Promise<CheckRun> {
    return waitFor(`${name}: ${conclusion}`, () => {
      const newest = system.checks(headSha, name).at(-1);
      return newest?.conclusion === conclusion ? newest : undefined;
    });
  }

  it.each([
    ['/sallyport help', '`/sallyport approve'],
    ['/sallyport status', '| review |'],
    ['/sallyport explain', 'The check fails from findings of'],
    ['/sallyport reveiw', 'Did you mean `/review`?'],
    ['/sallyport run revew', 'Did you mean `review`?'],
    ['/sallyport approve', 'Nothing is waiting for a decision here.'],
    ['/help', '`/sallyport approve'],
  ])('%s is answered, with a reaction at once', async (body, words) => {
    const { comment } = await say(body);
    await waitFor('the reaction', () => system.standIn.reactions(comment.id).at(0));
    await told(words);
    expect(system.standIn.issueComments(repo, number).filter(isOwn)).toHaveLength(1);
  });

  it('/sallyport review and /sallyport run review review again', async () => {
    for (const body of ['/sallyport review', '/sallyport run review']) {
      const before = system.checks(headSha).length;
      await say(body);
      await waitFor(
        'a check of its own',
        () => system.checks(headSha).length > before || undefined,
      );
      const review = await check('sallyport', 'failure');
      expect(review.annotations.length).toBeGreaterThan(0);
    }
  });

  it('the Re-run of a check reviews again', async () => {
    const before = await check('sallyport', 'failure');
    await system.standIn.rerequestCheckRun(before.id, 'maintainer');
    await waitFor(
      'another check',
      () => system.checks(headSha).at(-1)?.id !== before.id || undefined,
    );
    const after = await check('sallyport', 'failure');
    expect(after.externalId).not.toBe(before.externalId);
  });

  it('/sallyport reject drops a patch, and retry makes it anew', async () => {
    await say('/sallyport fix');
    await check('sallyport fix', 'action_required');
    await say('/sallyport reject not today');
    const dropped = await check('sallyport fix', 'neutral');
    expect(dropped.actions).toEqual([]);
    await say('/sallyport retry fix');
    await check('sallyport fix', 'action_required');
  });

  it('/sallyport cancel ends what waits, and the button Reject does as well', async () => {
    await say('/sallyport cancel fix');
    await check('sallyport fix', 'cancelled');
    await told('Cancelled: `fix`');
    await say('/fix');
    const waiting = await check('sallyport fix', 'action_required');
    await system.standIn.clickCheckAction(waiting.id, 'reject', 'maintainer');
    const dropped = await check('sallyport fix', 'neutral');
    expect(dropped.id).toBe(waiting.id);
  });

  it('the button Re-run prepares a patch anew, in place of the one that waits', async () => {
    await say('/fix');
    const waiting = await check('sallyport fix', 'action_required');
    expect(waiting.actions.map(({ label }) => label)).toEqual(['Apply', 'Reject', 'Re-run']);
    await system.standIn.clickCheckAction(waiting.id, 're-run', 'maintainer');
    const old = await waitFor('the old patch to go', () => {
      const run = system.checks(headSha, 'sallyport fix').find(({ id }) => id === waiting.id);
      return run?.conclusion === 'cancelled' ? run : undefined;
    });
    expect(old.actions).toEqual([]);
    expect(old.output.title).toBe('Superseded by a newer task');
    const anew = await check('sallyport fix', 'action_required');
    expect(anew.id).not.toBe(waiting.id);
    await system.standIn.clickCheckAction(anew.id, 'reject', 'maintainer');
    await check('sallyport fix', 'neutral');
  });

  it('/sallyport pause keeps a push from starting anything, and resume makes up for it', async () => {
    await say('/sallyport pause');
    await told('Paused: nothing starts by itself');
    headSha = await system.standIn.pushToPullRequest(repo, number, {
      files: { 'src/late.js': 'export const late = true;\n' },
    });
    const paused = await check('sallyport', 'action_required');
    expect(paused.externalId).toMatch(/^pull-/);
    await say('/sallyport status');
    await told('Paused: nothing starts by itself here.');
    await say('/sallyport resume');
    const reviewed = await check('sallyport', 'failure');
    expect(reviewed.id).not.toBe(paused.id);
  });

  it('a command in a thread of the review is answered in that thread', async () => {
    const [root] = system.standIn.reviewComments(repo, number);
    const thread = root?.id ?? 0;
    await system.standIn.replyInThread(thread, 'maintainer', '/sallyport status');
    const answer = await waitFor('the answer in the thread', () =>
      system.standIn
        .reviewComments(repo, number)
        .find((comment) => comment.inReplyTo === thread && isOwn(comment)),
    );
    expect(answer.body).toContain('| review |');
  });

  it('/sallyport approve lets the patch through, as a commit on the head', async () => {
    await say('/sallyport run fix');
    await check('sallyport fix', 'action_required');
    await say('/sallyport approve', 'stranger');
    await told('`write` permission or more');
    expect(system.standIn.pullRequest(repo, number).pull.headSha).toBe(headSha);
    await say('/sallyport approve');
    const sha = await waitFor('the commit', () => {
      const now = system.standIn.pullRequest(repo, number).pull.headSha;
      return now === headSha ? undefined : now;
    });
    expect((await system.standIn.commit(repo, sha)).parents).toEqual([headSha]);
    const next = await system.concluded(sha);
    expect((await system.ledger(next)).verified).toBe(true);
  });
});

function isOwn({ author }: { readonly author: { readonly type: string } }): boolean {
  return author.type === 'Bot';
}
