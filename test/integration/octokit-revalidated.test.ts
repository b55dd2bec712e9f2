import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AdapterStage,
  endAdapterStage,
  makeAdapter,
  startAdapterStage,
} from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

/** How GitHub answered the reads of a list, in order. */
function answers(list: RegExp): readonly number[] {
  const { requests } = at.stage.gitHub;
  return requests
    .filter(({ method, path }) => method === 'GET' && list.test(path))
    .map(({ status }) => status);
}

const place = () => ({ number: at.scene.number, threadId: null });

describe('what is read twice', () => {
  it('costs nothing while nothing has changed: reviews, comments, check runs, the pull request', async () => {
    const { checkRuns, conversations, pullRequests } = at.gitHub;
    const { number } = at.scene;
    const review = { headSha: at.headSha, body: 'x <!-- t1 -->', comments: [] };
    const reviewId = await pullRequests.createReview(at.repository, number, review);
    const commentId = await conversations.comment(at.repository, place(), 'x <!-- t1 -->');
    const run = { name: 'sallyport', headSha: at.headSha, externalId: 't1' };
    const output = { title: 't', summary: 's' };
    const state = { status: 'queued' } as const;
    const runId = await checkRuns.create(at.repository, { ...run, state, output });
    const seen: unknown[] = [];
    for (let times = 0; times < 2; times += 1) {
      expect(await pullRequests.findReview(at.repository, number, '<!-- t1 -->')).toBe(reviewId);
      const found = conversations.findComment(at.repository, place(), '<!-- t1 -->');
      expect(await found).toBe(commentId);
      expect(await checkRuns.find(at.repository, at.headSha, 't1')).toBe(runId);
      expect(await pullRequests.changedPaths(at.repository, number)).toEqual(['src/a.js']);
      seen.push(await pullRequests.get(at.repository, number));
    }
    expect(seen[1]).toEqual(seen[0]);
    for (const list of [/\/reviews/, /\/issues\/\d+\/comments/, /\/check-runs/, /\/files/]) {
      expect(answers(list)).toEqual([200, 304]);
    }
    expect(answers(/\/pulls\/\d+$/)).toEqual([200, 304]);
  });

  it('is seen as it is when it has changed, also beyond a page that was full', async () => {
    const { conversations } = at.gitHub;
    const find = () => conversations.findComment(at.repository, place(), '<!-- t1 -->');
    for (let count = 0; count < 100; count += 1) {
      await at.stage.gitHub.comment(NAME, at.scene.number, 'mona', 'Hm.');
    }
    expect(await find()).toBeUndefined();
    const id = await conversations.comment(at.repository, place(), 'x <!-- t1 -->');
    expect(await find()).toBe(id);
    expect(await find()).toBe(id);
    expect(answers(/\/issues\/\d+\/comments/)).toEqual([200, 200, 200, 304, 304]);
  });

  it('is read anew with the next token, and by another process', async () => {
    const read = (gitHub = at.gitHub) => gitHub.pullRequests.get(at.repository, at.scene.number);
    const first = await read();
    at.stage.clock.nowMs += 56 * 60_000;
    expect(await read()).toEqual(first);
    expect(await read(makeAdapter(at.stage))).toEqual(first);
    expect(answers(/\/pulls\/\d+$/)).toEqual([200, 200, 200]);
  });
});
