import { describe, expect, it } from 'vitest';
import type { ReviewThreads } from '../../../src/ports/review-threads.ts';
import { mockServer } from '../../support/nock.ts';
import {
  botUserId,
  expectIdentity,
  headSha,
  makeGitHub,
  mint,
  origin,
  repoPath,
  repository,
} from './harness.ts';

const server = mockServer(origin);
const bot = { databaseId: botUserId };
const first = {
  id: 'PRRC_1',
  fullDatabaseId: '9007199254740991',
  body: 'hm',
  isMinimized: false,
  author: bot,
  reactionGroups: [],
};
const thread = {
  id: 'PRRT_1',
  isResolved: false,
  isOutdated: false,
  resolvedBy: null,
  first: { nodes: [first] },
  comments: { pageInfo: { hasNextPage: false }, nodes: [{ author: bot }] },
};

function answer(nodes: readonly unknown[], fields: object = {}) {
  const reviewThreads = { pageInfo: { hasNextPage: false, endCursor: null }, nodes, ...fields };
  return { data: { repository: { databaseId: 1001, pullRequest: { reviewThreads } } } };
}

function list(...pages: readonly object[]): ReturnType<ReviewThreads['list']> {
  expectIdentity(server);
  server.expects(mint({ pull_requests: 'read' }));
  for (const page of pages) server.expects({ method: 'POST', path: '/graphql', answer: page });
  return makeGitHub().reviewThreads.list(repository, 12);
}

describe('listing threads', () => {
  it('leaves out those of others, of deleted accounts, and without comments', async () => {
    const by = (author: unknown) => ({ ...thread, first: { nodes: [{ ...first, author }] } });
    const empty = { ...thread, first: { nodes: [] } };
    const listed = await list(
      answer([by({}), by(null), by({ databaseId: 1 }), null, empty, thread]),
    );
    expect(listed).toEqual([
      {
        threadId: 'PRRT_1',
        commentNodeId: 'PRRC_1',
        commentId: 9_007_199_254_740_991,
        body: 'hm',
        isResolved: false,
        resolvedBy: null,
        resolvedById: null,
        isOutdated: false,
        isMinimised: false,
        isAnswered: false,
        dislikedBy: [],
      },
    ]);
  });

  it.each([
    ['a person', { databaseId: 5, login: 'mona' }, 'mona', 5],
    ['this App', { databaseId: botUserId, login: 'sallyport-acme' }, null, null],
    ['an account that GitHub gives no id of', { databaseId: null, login: 'mona' }, null, null],
    ['a deleted account', null, null, null],
  ])('tells that %s resolved it', async (_who, resolvedBy, resolvedByLogin, resolvedById) => {
    const [one] = await list(answer([{ ...thread, isResolved: true, resolvedBy }]));
    const isResolved = true;
    expect(one).toMatchObject({ isResolved, resolvedBy: resolvedByLogin, resolvedById });
  });

  it('counts a 👎 of people alone, and no other reaction', async () => {
    const reactors = {
      nodes: [
        { __typename: 'User', databaseId: 5, login: 'mona' },
        { __typename: 'Bot' },
        { __typename: 'Mannequin' },
        { __typename: 'User', databaseId: null, login: 'odd' },
        null,
      ],
    };
    const reactionGroups = [
      {
        content: 'HEART',
        reactors: { nodes: [{ __typename: 'User', databaseId: 6, login: 'lee' }] },
      },
      { content: 'THUMBS_DOWN', reactors },
    ];
    const shown = [{ ...first, reactionGroups }];
    const [one] = await list(answer([{ ...thread, first: { nodes: shown } }]));
    expect(one?.dislikedBy).toEqual([{ id: 5, login: 'mona' }]);
  });

  it.each([
    ['somebody wrote in it', [{ author: bot }, { author: {} }], false, true],
    ['a deleted account did', [{ author: bot }, { author: null }], false, true],
    ['it has more comments than were looked at', [{ author: bot }], true, true],
    ['this App alone did', [{ author: bot }, { author: bot }], false, false],
  ])('knows that it is answered: %s', async (_why, nodes, hasNextPage, isAnswered) => {
    const comments = { pageInfo: { hasNextPage }, nodes };
    expect(await list(answer([{ ...thread, comments }]))).toMatchObject([{ isAnswered }]);
  });

  it('stops after 1,000 threads, and gives the oldest first', async () => {
    const numbered = (n: number) => ({
      ...thread,
      first: { nodes: [{ ...first, fullDatabaseId: String(n) }] },
    });
    const pages = Array.from({ length: 20 }, (_, page) =>
      answer([numbered(100 - page)], { pageInfo: { hasNextPage: true, endCursor: `c${page}` } }),
    );
    const listed = await list(...pages);
    expect(listed.map(({ commentId }) => commentId)).toEqual(
      Array.from({ length: 20 }, (_, page) => 81 + page),
    );
  });

  it('asks for fewer at once where GitHub finds them too many, and goes on with that', async () => {
    const tooMuch = { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'no' }] };
    const more = { pageInfo: { hasNextPage: true, endCursor: 'c' } };
    expectIdentity(server);
    server.expects(mint({ pull_requests: 'read' }));
    const sent = [tooMuch, answer([thread], more), tooMuch, answer([])].map((page) =>
      server.expects({ method: 'POST', path: '/graphql', answer: page }),
    );
    expect(await makeGitHub().reviewThreads.list(repository, 12)).toHaveLength(1);
    const at = { owner: 'acme', name: 'widget', number: 12 };
    expect(sent.map(({ body }) => (body as { variables: unknown }).variables)).toEqual([
      { ...at, first: 50, after: null },
      { ...at, first: 16, after: null },
      { ...at, first: 16, after: 'c' },
      { ...at, first: 5, after: 'c' },
    ]);
  });

  it('says that GitHub is not able to where the smallest page is too much', async () => {
    const tooMuch = { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'no' }] };
    const listing = list(tooMuch, tooMuch, tooMuch);
    await expect(listing).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it.each([
    ['without a pull request', { data: { repository: { databaseId: 1001, pullRequest: null } } }],
    [
      'with an id that is no number',
      answer([{ ...thread, first: { nodes: [{ ...first, fullDatabaseId: 'x' }] } }]),
    ],
    [
      'with an id that a number cannot hold',
      answer([{ ...thread, first: { nodes: [{ ...first, fullDatabaseId: '9007199254740993' }] } }]),
    ],
    ['of something else', { data: {} }],
  ])('does not take an answer %s', async (_what, page) => {
    await expect(list(page)).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it('does not take the threads of another repository that has the name now', async () => {
    const { data } = answer([thread]);
    const other = { data: { repository: { ...data.repository, databaseId: 1002 } } };
    await expect(list(other)).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

const content = mint({ contents: 'write', pull_requests: 'write' });
const pulls = mint({ pull_requests: 'write' });

describe('changing threads', () => {
  it.each([
    ['resolve', content, { threadId: 'PRRT_1' }],
    ['unresolve', content, { threadId: 'PRRT_1' }],
    ['minimise', pulls, { nodeId: 'PRRC_1', reason: 'OUTDATED' }],
  ] as const)('%s uses a token of its own for one mutation', async (what, minted, variables) => {
    server.expects(minted);
    const data = {};
    const sent = server.expects({ method: 'POST', path: '/graphql', answer: { data } });
    const { reviewThreads } = makeGitHub();
    if (what === 'minimise') await reviewThreads.minimise(repository, 'PRRC_1', 'outdated');
    else await reviewThreads[what](repository, 'PRRT_1');
    expect(sent.body).toMatchObject({ variables });
    expect(sent.body).toMatchObject({
      query: expect.stringMatching(
        /^mutation \([^{}]*\) \{\s+\w+\(input: [^()]*\) \{[^()]*$/,
      ) as string,
    });
  });

  it('are forbidden where the installation does not grant writing contents', async () => {
    server.expects({ ...content, status: 422, answer: { message: 'not granted' } });
    const resolving = makeGitHub().reviewThreads.resolve(repository, 'PRRT_1');
    await expect(resolving).rejects.toMatchObject({ code: 'github.forbidden' });
  });

  it.each(['', 'x'.repeat(65_537)])(
    'a comment on a file is 1 to 65,536 characters long',
    async (body) => {
      server.expects(pulls);
      const comment = { headSha, path: 'a.js', body };
      const commenting = makeGitHub().reviewThreads.commentOnFile(repository, 12, comment);
      await expect(commenting).rejects.toMatchObject({ code: 'github.rejected' });
    },
  );

  it('a comment on a file names the commit and no line, and is not sent again', async () => {
    server.expects(pulls);
    const path = `${repoPath}/pulls/12/comments`;
    const sent = server.expects({ method: 'POST', path, status: 502 });
    const comment = { headSha, path: 'a.js', body: 'hm' };
    const commenting = makeGitHub().reviewThreads.commentOnFile(repository, 12, comment);
    await expect(commenting).rejects.toMatchObject({ code: 'github.unavailable' });
    expect(sent.body).toEqual({
      commit_id: headSha,
      path: 'a.js',
      body: 'hm',
      subject_type: 'file',
    });
  });
});
