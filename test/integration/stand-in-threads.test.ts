import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, numberedText, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  expect(stage.gitHub.violations).toEqual([]);
  await stage.gitHub.close();
});

const LIST = `query ($owner: String!, $name: String!, $number: Int!, $first: Int, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated line path subjectType viewerCanResolve
          resolvedBy { login databaseId }
          comments(first: 50) {
            nodes {
              id fullDatabaseId isMinimized minimizedReason viewerDidAuthor
              author { login ... on Bot { databaseId } ... on User { databaseId } }
              replyTo { fullDatabaseId }
              reactions(first: 10, content: THUMBS_DOWN) { totalCount nodes { user { login } } }
              reactionGroups { content reactors(first: 9) { nodes { __typename ... on User { login } } } }
            }
          }
        }
      }
    }
  }
}`;
const RESOLVE = `mutation ($id: ID!) {
  resolveReviewThread(input: { threadId: $id }) { thread { isResolved } }
}`;
const UNRESOLVE = RESOLVE.replace('resolve', 'unresolve');
const MINIMIZE = `mutation ($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
    minimizedComment { isMinimized minimizedReason }
  }
}`;

interface Thread {
  readonly id: string;
  readonly isResolved: boolean;
  readonly isOutdated: boolean;
  readonly line: number | null;
  readonly subjectType: string;
  readonly viewerCanResolve: boolean;
  readonly resolvedBy: { readonly login: string } | null;
  readonly comments: { readonly nodes: readonly ({ readonly id: string } & object)[] };
}

interface Listed {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly Thread[];
}

type Client = Pick<Scene['octokit'], 'graphql'>;

async function list(
  page: { first?: number; after?: string | null } = { first: 50 },
  client: Client = scene.octokit,
): Promise<Listed> {
  const variables = { owner: REPO.owner, name: REPO.repo, number: scene.number, ...page };
  const data = await client.graphql<{
    repository: { pullRequest: { reviewThreads: Listed } };
  }>(LIST, variables);
  return data.repository.pullRequest.reviewThreads;
}

async function onlyThread(): Promise<Thread> {
  const { nodes } = await list();
  const [thread] = nodes;
  if (!thread || nodes.length > 1) throw new Error(`${nodes.length} threads`);
  return thread;
}

async function comment(where: { line: number } | { subject_type: 'file' }): Promise<number> {
  const pull = { ...REPO, pull_number: scene.number, commit_id: scene.headSha };
  const wish = { ...pull, path: 'src/a.js', body: 'hm', ...where };
  const { data } = await scene.octokit.rest.pulls.createReviewComment(wish);
  return data.id;
}

/** A client whose token holds only these permissions. */
async function holding(permissions: Record<string, 'read' | 'write'>): Promise<Client> {
  const wish = { installation_id: scene.installationId, permissions };
  const { data } = await stage.asApp().rest.apps.createInstallationAccessToken(wish);
  return stage.withToken(data.token);
}

describe('the threads of a pull request', () => {
  test('hold their comments, whose they are, and where they hang', async () => {
    const id = await comment({ line: 10 });
    const reply = await stage.gitHub.replyInThread(id, 'mona', 'why?');
    const thread = await onlyThread();
    expect(thread).toMatchObject({
      isResolved: false,
      isOutdated: false,
      line: 10,
      path: 'src/a.js',
      subjectType: 'LINE',
      resolvedBy: null,
    });
    const { world } = stage.gitHub;
    expect(thread.comments.nodes).toMatchObject([
      {
        fullDatabaseId: String(id),
        viewerDidAuthor: true,
        author: { login: 'sallyport', databaseId: world.bot.id },
        replyTo: null,
      },
      {
        fullDatabaseId: String(reply.id),
        viewerDidAuthor: false,
        author: { login: 'mona', databaseId: world.user('mona').id },
        replyTo: { fullDatabaseId: String(id) },
      },
    ]);
  });

  test('come page by page, in order, and none twice', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 5; i++) ids.push(await comment({ line: 7 + i }));
    const seen: (number | null)[] = [];
    for (let after: string | null = null; ; ) {
      const { nodes, pageInfo, totalCount } = await list({ first: 2, after });
      expect(totalCount).toBe(5);
      seen.push(...nodes.map(({ line }) => line));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual([7, 8, 9, 10, 11]);
    expect(stage.gitHub.reviewThreads(NAME, scene.number).map(({ first }) => first.id)).toEqual(
      ids,
    );
  });

  test.each([
    ['no size', {}, /first.*last/],
    ['101 at once', { first: 101 }, /exceeds/],
    ['a cursor that no page gave', { first: 1, after: 'x' }, /valid cursor/],
  ])('are refused for %s', async (_, page, message) => {
    await expect(list(page)).rejects.toThrow(message);
  });

  test('of a line that a push touched are outdated; those of a file stay', async () => {
    await comment({ line: 10 });
    await comment({ subject_type: 'file' });
    const files = { 'src/a.js': numberedText({ 10: 'changed again' }) };
    await stage.gitHub.pushToPullRequest(NAME, scene.number, { files });
    const { nodes } = await list();
    expect(nodes.map((one) => [one.subjectType, one.isOutdated, one.line])).toEqual([
      ['LINE', true, null],
      ['FILE', false, null],
    ]);
  });

  test('stay with their replies when their first comment is deleted, and go with the last', async () => {
    const id = await comment({ line: 10 });
    const reply = await stage.gitHub.replyInThread(id, 'mona', 'why?');
    await scene.octokit.rest.pulls.deleteReviewComment({ ...REPO, comment_id: id });
    expect((await onlyThread()).comments.nodes).toMatchObject([
      { fullDatabaseId: String(reply.id), replyTo: null },
    ]);
    stage.gitHub.world.reviewComments.delete(reply.id);
    expect((await list()).nodes).toEqual([]);
  });

  test('need the permission to read pull requests, and the repository', async () => {
    await expect(list({ first: 1 }, await holding({ checks: 'write' }))).rejects.toMatchObject({
      errors: [{ type: 'FORBIDDEN' }],
    });
    const variables = { owner: 'acme', name: 'elsewhere', number: 1, first: 1 };
    await expect(scene.octokit.graphql(LIST, variables)).rejects.toMatchObject({
      errors: [{ type: 'NOT_FOUND' }],
    });
  });
});

describe('resolving a thread', () => {
  test('needs to write contents: to write pull requests is not enough', async () => {
    await comment({ line: 10 });
    const { id } = await onlyThread();
    const weak = await holding({ pull_requests: 'write', contents: 'read' });
    expect((await list({ first: 1 }, weak)).nodes).toMatchObject([{ viewerCanResolve: false }]);
    await expect(weak.graphql(RESOLVE, { id })).rejects.toMatchObject({
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    });
    await expect(weak.graphql(UNRESOLVE, { id })).rejects.toThrow('Resource not accessible');
    expect((await onlyThread()).isResolved).toBe(false);
    const strong = await holding({ pull_requests: 'write', contents: 'write' });
    await strong.graphql(RESOLVE, { id });
    expect(await onlyThread()).toMatchObject({
      isResolved: true,
      resolvedBy: { login: 'sallyport' },
      viewerCanResolve: true,
    });
    await strong.graphql(UNRESOLVE, { id });
    expect(await onlyThread()).toMatchObject({ isResolved: false, resolvedBy: null });
  });

  test('is undone by people, and done by them: who opened the pull request or may write', async () => {
    const id = await comment({ line: 10 });
    stage.gitHub.setPermission(NAME, 'lee', 'write');
    stage.gitHub.setPermission(NAME, 'rae', 'read');
    stage.gitHub.resolveThread(id, 'lee');
    expect((await onlyThread()).resolvedBy?.login).toBe('lee');
    await scene.octokit.graphql(RESOLVE, { id: (await onlyThread()).id });
    expect((await onlyThread()).resolvedBy?.login).toBe('lee');
    stage.gitHub.unresolveThread(id, 'mona');
    expect((await onlyThread()).isResolved).toBe(false);
    stage.gitHub.addUser('rae');
    expect(() => stage.gitHub.resolveThread(id, 'rae')).toThrow('may not resolve');
  });

  test.each(['PRRT_MQ', 'PRRC_MQ', 'nonsense', ''])('%j names no thread', async (id) => {
    await expect(scene.octokit.graphql(RESOLVE, { id })).rejects.toMatchObject({
      errors: [{ type: 'NOT_FOUND' }],
    });
  });
});

describe('minimizing', () => {
  test('folds a comment on the diff, of the conversation, or a review, with the reason', async () => {
    await comment({ line: 10 });
    const wish = { ...REPO, issue_number: scene.number, body: 'x' };
    const { data: said } = await scene.octokit.rest.issues.createComment(wish);
    const pull = { ...REPO, pull_number: scene.number };
    const { data: reviews } = await scene.octokit.rest.pulls.listReviews(pull);
    const [first] = (await onlyThread()).comments.nodes;
    const weak = await holding({ pull_requests: 'write' });
    for (const id of [first?.id, said.node_id, reviews[0]?.node_id]) {
      expect(await weak.graphql(MINIMIZE, { id })).toEqual({
        minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
      });
    }
    expect((await onlyThread()).comments.nodes).toMatchObject([{ minimizedReason: 'outdated' }]);
  });

  test('needs to write pull requests', async () => {
    await comment({ line: 10 });
    const [first] = (await onlyThread()).comments.nodes;
    const weak = await holding({ pull_requests: 'read', contents: 'write' });
    await expect(weak.graphql(MINIMIZE, { id: first?.id })).rejects.toMatchObject({
      errors: [{ type: 'FORBIDDEN' }],
    });
    expect((await onlyThread()).comments.nodes).toMatchObject([{ isMinimized: false }]);
  });
});

describe('reactions to a comment on the diff', () => {
  test('are told with who gave them, by REST and by GraphQL', async () => {
    const id = await comment({ line: 10 });
    stage.gitHub.react(id, 'mona', '-1');
    stage.gitHub.react(id, 'mona', '-1');
    stage.gitHub.react(id, 'lee', 'heart');
    const api = scene.octokit.rest.reactions;
    const wish = { ...REPO, comment_id: id };
    const { data: all } = await api.listForPullRequestReviewComment(wish);
    expect(all.map(({ user, content }) => [user?.login, content])).toEqual([
      ['mona', '-1'],
      ['lee', 'heart'],
    ]);
    const { data: down } = await api.listForPullRequestReviewComment({ ...wish, content: '-1' });
    expect(down.map(({ user }) => user?.id)).toEqual([stage.gitHub.world.user('mona').id]);
    stage.gitHub.addUser('linter[bot]', { type: 'Bot' });
    stage.gitHub.react(id, 'linter[bot]', 'eyes');
    const [first] = (await onlyThread()).comments.nodes;
    expect(first).toMatchObject({
      reactions: { totalCount: 1, nodes: [{ user: { login: 'mona' } }] },
    });
    const group = (content: string, ...nodes: object[]) => ({ content, reactors: { nodes } });
    expect(first).toMatchObject({
      reactionGroups: [
        group('THUMBS_UP'),
        group('THUMBS_DOWN', { __typename: 'User', login: 'mona' }),
        group('LAUGH'),
        group('CONFUSED'),
        group('HEART', { __typename: 'User', login: 'lee' }),
        group('HOORAY'),
        group('ROCKET'),
        group('EYES', { __typename: 'Bot' }),
      ],
    });
  });
});
