import { describe, expect, it } from 'vitest';
import { translateApiError } from '../../../src/adapters/octokit/api-error.ts';
import { limitWaitMs } from '../../../src/adapters/octokit/retry-after.ts';
import { mockServer } from '../../support/nock.ts';
import { headSha, makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const path = `${repoPath}/pulls/9`;
const getPull = () => makeGitHub({ maxRetries: 1, paced: true }).pullRequests.get(repository, 9);

describe('rate limits', () => {
  const exhausted = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' };

  it('are waited out and the request is sent again', async () => {
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, status: 403, answerHeaders: exhausted });
    server.expects({ method: 'GET', path, status: 404 });
    await expect(getPull()).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it.each([403, 429])(
    'of status %i that last end as unavailable after two more tries',
    async (status) => {
      server.expects(mint({ pull_requests: 'read' }));
      for (let attempt = 0; attempt < 3; attempt += 1) {
        server.expects({ method: 'GET', path, status, answerHeaders: exhausted });
      }
      await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable' });
    },
  );

  it.each([403, 429])(
    'of status %i that would hold a worker for long are left to the queue at once',
    async (status) => {
      const answer = { message: 'You have exceeded a secondary rate limit.' };
      const answerHeaders = { 'retry-after': '31' };
      server.expects(mint({ pull_requests: 'read' }));
      server.expects({ method: 'GET', path, status, answer, answerHeaders });
      await expect(getPull()).rejects.toMatchObject({
        code: 'github.unavailable',
        retryAfterMs: 31_000,
      });
    },
  );

  it('that are short are not waited for longer than half a minute in all', async () => {
    const answer = { message: 'You have exceeded a secondary rate limit.' };
    const limit = { method: 'GET', path, status: 403, answer } as const;
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ ...limit, answerHeaders: { 'retry-after': '20' } });
    server.expects({ ...limit, answerHeaders: { 'retry-after': '11' } });
    await expect(getPull()).rejects.toMatchObject({ retryAfterMs: 11_000 });
  });

  it('without any header are told from a missing permission', async () => {
    const answer = { message: 'You have exceeded a secondary rate limit.' };
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, status: 403, answer });
    await expect(getPull()).rejects.toMatchObject({
      code: 'github.unavailable',
      retryAfterMs: 60_000,
    });
  });

  it('let a refused write be sent again, because it had no effect', async () => {
    const { checkRuns } = makeGitHub({ paced: true });
    const run = { method: 'PATCH', path: `${repoPath}/check-runs/5` } as const;
    server.expects(mint({ checks: 'write' }));
    server.expects({ ...run, status: 403, answerHeaders: exhausted });
    const sent = server.expects(run);
    const output = { title: 't', summary: 's' };
    await checkRuns.update(repository, 5, { state: { status: 'in_progress' }, output });
    expect(sent.body).toMatchObject({ status: 'in_progress' });
  });

  it('are told from a missing permission also where one was met before with the same client', async () => {
    const { hookDeliveries } = makeGitHub({ paced: true });
    const list = { method: 'GET', path: '/app/hook/deliveries?per_page=100', status: 403 } as const;
    server.expects({ ...list, answerHeaders: { 'retry-after': '31' } });
    await expect(hookDeliveries.list()).rejects.toMatchObject({ retryAfterMs: 31_000 });
    server.expects(list);
    await expect(hookDeliveries.list()).rejects.toMatchObject({ code: 'github.forbidden' });
  });

  it('are known without the plug-in that waits for them', async () => {
    const { pullRequests } = makeGitHub();
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, status: 429, answerHeaders: { 'retry-after': '7' } });
    await expect(pullRequests.get(repository, 9)).rejects.toMatchObject({
      code: 'github.unavailable',
      retryAfterMs: 7_000,
    });
  });
});

describe('rate limits of GraphQL', () => {
  const wish = {
    branch: 'feature',
    expectedHeadSha: headSha,
    headline: 'x',
    body: '',
    additions: [],
    deletions: [],
  };
  const limited = { data: null, errors: [{ type: 'RATE_LIMITED', message: 'm' }] };
  const secondary = { data: null, errors: [{ message: 'm' }] };

  it.each([
    ['the type', limited, {}, true, 60_000],
    ['the type, where nothing waits', limited, {}, false, 60_000],
    ['the type and how long', limited, { 'retry-after': '90' }, false, 90_000],
    ['how long, without a type', secondary, { 'retry-after': '90' }, false, 90_000],
  ])('are known by %s', async (_how, answer, answerHeaders, paced, retryAfterMs) => {
    server.expects(mint({ contents: 'write' }));
    const times = paced ? 3 : 1;
    for (let attempt = 0; attempt < times; attempt += 1) {
      server.expects({ method: 'POST', path: '/graphql', answer, answerHeaders });
    }
    const writing = makeGitHub({ paced }).commits.commitOnBranch(repository, wish);
    await expect(writing).rejects.toMatchObject({ code: 'github.unavailable', retryAfterMs });
  });

  it.each([
    ['STALE_DATA', 'github.stale-head'],
    ['SERVICE_UNAVAILABLE', 'github.unavailable'],
    ['constructor', 'github.rejected'],
  ])('are not what %s says', (type, code) => {
    const error = Object.assign(new Error('m'), { errors: [{ type }], headers: {} });
    expect(translateApiError(error)).toMatchObject({ code, retryAfterMs: null });
  });
});

describe('how long a limit lasts', () => {
  const nowMs = 1_000_000_000_500;
  const none = { 'x-ratelimit-remaining': '0' };

  it.each([
    [{ 'retry-after': '90' }, 90_000],
    [{ 'retry-after': 90 }, 90_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '90', ...none, 'x-ratelimit-reset': '1000000010' }, 90_000],
    [{ ...none, 'x-ratelimit-reset': '1000000010' }, 10_500],
    [{ ...none, 'x-ratelimit-reset': '999999999' }, 0],
    [{ ...none }, 60_000],
    [{ 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '1000000010' }, 60_000],
    [{}, 60_000],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 60_000],
    [{ 'retry-after': '-5' }, 60_000],
    [{ 'retry-after': '9'.repeat(400) }, 60_000],
    [{ ...none, 'x-ratelimit-reset': 'NaN' }, 60_000],
  ])('is read from %j', (headers, expected) => {
    expect(limitWaitMs(headers, nowMs)).toBe(expected);
  });
});
