import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

async function start(options: Parameters<typeof Stage.start>[0] = {}): Promise<void> {
  stage = await Stage.start(options);
  scene = await stage.openPull();
}

afterEach(async () => {
  await stage.gitHub.settled();
  expect(stage.gitHub.violations).toEqual([]);
  await stage.gitHub.close();
});

const say = (client: Scene['octokit'] = scene.octokit) =>
  client.rest.issues.createComment({ ...REPO, issue_number: scene.number, body: 'x' });

async function sayTimes(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await say();
}

describe('content over the limits', () => {
  test("is refused after GitHub's 80 a minute, until the first of them is a minute old", async () => {
    await start();
    await sayTimes(40);
    stage.clock.nowMs += 20_000;
    await sayTimes(40);
    await expect(say()).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'retry-after': '40' } },
    });
    await expect(say()).rejects.toThrow('secondary rate limit');
    expect(stage.gitHub.issueComments(NAME, scene.number)).toHaveLength(80);
    stage.clock.nowMs += 40_000;
    await say();
  });

  test('is refused for the rest of the hour too, and with 429 where a test wants that', async () => {
    await start({ contentLimits: { perMinute: 2, perHour: 3, status: 429 } });
    await sayTimes(2);
    stage.clock.nowMs += 60_000;
    await say();
    await expect(say()).rejects.toMatchObject({
      status: 429,
      response: { headers: { 'retry-after': '3540' } },
    });
  });

  test('is counted for each installation, and a review counts once', async () => {
    await start({ contentLimits: { perMinute: 2 } });
    const comments = [7, 8, 9].map((line) => ({ path: 'src/a.js', body: 'hm', line }));
    const pull = { ...REPO, pull_number: scene.number, commit_id: scene.headSha };
    const review = { ...pull, event: 'COMMENT' as const, body: 'b', comments };
    await scene.octokit.rest.pulls.createReview(review);
    await say();
    await expect(say()).rejects.toMatchObject({ status: 403 });
    const seed = { files: { a: '1\n' } };
    await stage.gitHub.createRepository({ owner: 'other', name: 'tool', seed });
    const { id } = await stage.gitHub.installApp('other/tool');
    const number = await stage.gitHub.openIssue('other/tool', 'mona', 'Broken');
    const wish = { owner: 'other', repo: 'tool', issue_number: number, body: 'x' };
    await stage.asInstallation(id).rest.issues.createComment(wish);
  });

  test('holds for commits over GraphQL; reading and check runs stay free', async () => {
    await start({ contentLimits: { perMinute: 1 } });
    await say();
    const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
      createCommitOnBranch(input: $input) { commit { oid } }
    }`;
    const branch = { repositoryNameWithOwner: NAME, branchName: 'feature' };
    const message = { headline: 'x' };
    const input = { branch, message, expectedHeadOid: scene.headSha };
    await expect(scene.octokit.graphql(mutation, { input })).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'retry-after': '60' } },
    });
    expect(await stage.gitHub.branchHead(NAME, 'feature')).toBe(scene.headSha);
    await scene.octokit.rest.checks.create({ ...REPO, name: 'x', head_sha: scene.headSha });
    await scene.octokit.rest.issues.listComments({ ...REPO, issue_number: scene.number });
  });

  test('is nothing where they are switched off', async () => {
    await start({ contentLimits: false });
    await sayTimes(81);
    expect(stage.gitHub.issueComments(NAME, scene.number)).toHaveLength(81);
  });
});

describe('a list that was read before', () => {
  beforeEach(() => start());

  async function read(
    client: Scene['octokit'],
    etag = '',
  ): Promise<{ status: number; etag: string }> {
    const headers = etag === '' ? {} : { 'if-none-match': etag };
    const wish = { ...REPO, issue_number: scene.number, headers };
    try {
      const { status, headers: answered } = await client.rest.issues.listComments(wish);
      return { status, etag: answered.etag ?? '' };
    } catch (error) {
      const { status, response } = error as {
        status: number;
        response?: { headers: { etag?: string } };
      };
      return { status, etag: response?.headers.etag ?? '' };
    }
  }

  test('is 304 while nothing has changed, and read again afterwards', async () => {
    await say();
    const first = await read(scene.octokit);
    expect(await read(scene.octokit, first.etag)).toEqual({ status: 304, etag: first.etag });
    await say();
    const second = await read(scene.octokit, first.etag);
    expect(second.status).toBe(200);
    expect(second.etag).not.toBe(first.etag);
  });

  test('is read again with another token: tags belong to one', async () => {
    const first = await read(scene.octokit);
    const other = await read(stage.asInstallation(scene.installationId), first.etag);
    expect(other.status).toBe(200);
    expect(other.etag).not.toBe(first.etag);
  });
});

describe('a stand-in that closes', () => {
  beforeEach(() => start());

  async function closeAfter(announced: number, body: string): Promise<void> {
    const other = await Stage.start();
    const { octokit, number } = await other.openPull();
    const write = octokit.rest.issues.createComment({ ...REPO, issue_number: number, body });
    await Promise.allSettled([write]);
    other.gitHub.expectUnprocessable(announced);
    await other.gitHub.close();
  }

  test('tells of a write that was answered 422 and not announced, and the other way round', async () => {
    await expect(closeAfter(0, '')).rejects.toThrow('issues/create-comment');
    await expect(closeAfter(1, 'x')).rejects.toThrow('0 writes were answered 422, 1 expected');
    await closeAfter(1, '');
    await closeAfter(0, 'x');
  });
});
