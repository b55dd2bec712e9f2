import { describe, expect, it } from 'vitest';
import { translateApiError } from '../../../src/adapters/octokit/api-error.ts';
import { SallyportError } from '../../../src/errors.ts';
import { mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const path = `${repoPath}/pulls/9`;
const getPull = () => makeGitHub({ maxRetries: 1, paced: true }).pullRequests.get(repository, 9);

describe('what a failed request is called', () => {
  it.each([
    [400, 'github.rejected'],
    [401, 'github.forbidden'],
    [403, 'github.forbidden'],
    [404, 'github.not-found'],
    [409, 'github.rejected'],
    [410, 'github.not-found'],
    [422, 'github.rejected'],
    [451, 'github.rejected'],
  ])('HTTP %i is %s, and final', async (status, code) => {
    server.expects(mint({ pull_requests: 'read' }));
    // The text says something else on purpose: it must not count.
    const answer = { message: 'Server Error, rate limit, not found, Bad credentials' };
    server.expects({ method: 'GET', path, status, answer });
    await expect(getPull()).rejects.toMatchObject({ code });
  });

  it.each([500, 502, 503, 504])('HTTP %i is unavailable after one more try', async (status) => {
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, status });
    server.expects({ method: 'GET', path, status });
    await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable', retryable: true });
  });

  it('a broken connection is unavailable after one more try', async () => {
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, breaks: true });
    server.expects({ method: 'GET', path, breaks: true });
    await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it('a fault of ours stays what it is', () => {
    const fault = new TypeError('x is undefined');
    expect(translateApiError(fault, false)).toBe(fault);
    const coded = new SallyportError('github.stale-head', 'moved');
    expect(translateApiError(coded, true)).toBe(coded);
  });
});

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

  it('that would hold a worker for long are left to the queue at once', async () => {
    const message = 'You have exceeded a secondary rate limit.';
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({
      method: 'GET',
      path,
      status: 403,
      answer: { message },
      answerHeaders: { 'retry-after': '3600' },
    });
    await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it('without any header are told from a missing permission', async () => {
    const answer = { message: 'You have exceeded a secondary rate limit.' };
    server.expects(mint({ pull_requests: 'read' }));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      server.expects({ method: 'GET', path, status: 403, answer });
    }
    await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable' });
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
});
