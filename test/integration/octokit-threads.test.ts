import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeThreadsContract, type ThreadStage } from '../contract/threads-contract.ts';
import type { GhesVersion } from '../support/github/operations.ts';
import {
  type AdapterStage,
  endAdapterStage,
  makeAdapter,
  startAdapterStage,
} from './octokit-scene.ts';
import { NAME, numberedText } from './stand-in-scene.ts';

const servers: readonly (readonly [name: string, options: { readonly ghes?: GhesVersion }])[] = [
  ['github.com', {}],
  ['GHES 3.17', { ghes: '3.17' }],
];

const readingContents = {
  checks: 'write',
  contents: 'read',
  metadata: 'read',
  pull_requests: 'write',
};

function threadStage(at: AdapterStage): ThreadStage {
  const { gitHub } = at.stage;
  const { number } = at.scene;
  gitHub.setPermission(NAME, 'lee', 'write');
  return {
    github: at.gitHub,
    repository: at.repository,
    number,
    headSha: at.headSha,
    idOf: (login) => gitHub.world.user(login).id,
    people: {
      resolve: (id, login) => gitHub.resolveThread(id, login),
      unresolve: (id) => gitHub.unresolveThread(id, 'mona'),
      answer: async (id) => void (await gitHub.replyInThread(id, 'mona', 'Why?')),
      dislike: (id, login) => void gitHub.react(id, login, '-1'),
      delete: (id) => void gitHub.world.reviewComments.delete(id),
      push: async () => {
        const files = { 'src/a.js': numberedText({ 10: 'changed again' }) };
        await gitHub.pushToPullRequest(NAME, number, { files });
      },
      forbidContents: async () => void (await gitHub.installApp(NAME, readingContents)),
    },
    expectUnprocessable: () => gitHub.expectUnprocessable(),
    close: () => endAdapterStage(at),
  };
}

for (const [name, options] of servers) {
  describeThreadsContract(name, async () => threadStage(await startAdapterStage(options)));
}

describe.each(servers)('the threads of a pull request on %s', (_name, options) => {
  let at: AdapterStage;

  beforeEach(async () => {
    at = await startAdapterStage(options);
  });
  afterEach(() => endAdapterStage(at));

  const list = () => at.gitHub.reviewThreads.list(at.repository, at.scene.number);

  async function review(count: number): Promise<void> {
    const comments = Array.from({ length: count }, (_, index) => ({
      path: 'src/a.js',
      line: 10,
      body: `comment ${index}`,
    }));
    const wish = { headSha: at.headSha, body: 'Review', comments };
    await at.gitHub.pullRequests.createReview(at.repository, at.scene.number, wish);
  }

  it('are read page by page, and none twice', async () => {
    await review(101);
    const before = at.stage.gitHub.requests.length;
    const bodies = (await list()).map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 101 }, (_, index) => `comment ${index}`));
    const asked = at.stage.gitHub.requests.slice(before);
    expect(asked.filter(({ path }) => path.endsWith('/graphql'))).toHaveLength(3);
  });

  it('are answered by people and by us, and GitHub says who belongs to the repository', async () => {
    await review(2);
    const { gitHub } = at.stage;
    gitHub.setPermission(NAME, 'lee', 'write');
    const [first, second] = await list();
    const place = { number: at.scene.number, threadId: first?.commentId ?? 0 };
    const { updatedAt } = await gitHub.replyInThread(place.threadId, 'lee', 'Use 1.');
    await gitHub.replyInThread(second?.commentId ?? 0, 'lee', 'In another thread.');
    await gitHub.replyInThread(place.threadId, 'sallyport', 'Print the key.');
    await at.gitHub.conversations.comment(at.repository, place, 'Fixed.');
    expect(await at.gitHub.conversations.replies(at.repository, place)).toMatchObject([
      { login: 'lee', isMember: true, isOwn: false, body: 'Use 1.', updatedAt },
      { login: 'sallyport', isMember: false, isOwn: false, body: 'Print the key.' },
      { isOwn: true, body: 'Fixed.' },
    ]);
  });

  it('are those of this App alone, not of who answered them or has its name', async () => {
    await review(1);
    const { gitHub } = at.stage;
    const [own] = await list();
    const reply = await gitHub.replyInThread(own?.commentId ?? 0, 'sallyport', 'I am a person.');
    expect(await list()).toMatchObject([{ isAnswered: true }]);
    // What is left when the first comment is deleted is a thread that somebody else began.
    gitHub.world.reviewComments.delete(own?.commentId ?? 0);
    expect(gitHub.reviewThreads(NAME, at.scene.number).map(({ first }) => first.id)).toEqual([
      reply.id,
    ]);
    expect(await list()).toEqual([]);
  });

  it('count a 👎 of people alone, at most 20', async () => {
    await review(1);
    const { gitHub } = at.stage;
    const [own] = await list();
    const commentId = own?.commentId ?? 0;
    gitHub.addUser('linter[bot]', { type: 'Bot' });
    gitHub.react(commentId, 'linter[bot]', '-1');
    gitHub.react(commentId, 'lee', 'heart');
    gitHub.react(commentId, 'mona', '-1');
    const { id } = gitHub.world.user('mona');
    expect((await list())[0]?.dislikedBy).toEqual([{ id, login: 'mona' }]);
    for (let index = 0; index < 25; index += 1) gitHub.react(commentId, `user-${index}`, '-1');
    const disliked = (await list())[0]?.dislikedBy ?? [];
    expect(new Set(disliked.map(({ login }) => login)).size).toBe(19);
  });

  it('with more comments than a page count as answered', async () => {
    await review(1);
    const [own] = await list();
    const place = { number: at.scene.number, threadId: own?.commentId ?? 0 };
    for (let count = 1; count < 30; count += 1) {
      await at.gitHub.conversations.comment(at.repository, place, `again ${count}`);
    }
    expect(await list()).toMatchObject([{ isAnswered: false }]);
    await at.gitHub.conversations.comment(at.repository, place, 'once more');
    expect(await list()).toMatchObject([{ isAnswered: true }]);
  });

  it('on a whole file are never outdated, and take a text at the limit', async () => {
    const { headSha, scene } = at;
    const body = 'x'.repeat(65_536);
    const comment = { headSha, path: 'src/a.js', body };
    const id = await at.gitHub.reviewThreads.commentOnFile(at.repository, scene.number, comment);
    const files = { 'src/a.js': numberedText({ 10: 'changed again' }) };
    await at.stage.gitHub.pushToPullRequest(NAME, scene.number, { files });
    const other = makeAdapter(at.stage).reviewThreads;
    const threads = await other.list(at.repository, scene.number);
    expect(threads).toMatchObject([{ commentId: id, body, isOutdated: false }]);
  });

  it('get one comment on a file when the answer is lost: it is found by reading', async () => {
    const { headSha, scene } = at;
    at.stage.gitHub.fault({
      method: 'POST',
      path: `/pulls/${scene.number}/comments`,
      when: 'after',
    });
    const comment = { headSha, path: 'src/a.js', body: 'hm' };
    const commenting = at.gitHub.reviewThreads.commentOnFile(at.repository, scene.number, comment);
    await expect(commenting).rejects.toMatchObject({ code: 'github.unavailable' });
    expect(await list()).toMatchObject([{ body: 'hm' }]);
  });

  it('of a pull request that is not there are not found', async () => {
    const listing = at.gitHub.reviewThreads.list(at.repository, 9_999);
    await expect(listing).rejects.toMatchObject({ code: 'github.not-found' });
  });
});
