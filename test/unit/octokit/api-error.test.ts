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
    [451, 'github.forbidden'],
  ])('HTTP %i is %s, and final', async (status, code) => {
    server.expects(mint({ pull_requests: 'read' }));
    // The text says something else on purpose: it must not count.
    const answer = { message: 'Server Error, rate limit, not found, Bad credentials' };
    server.expects({ method: 'GET', path, status, answer });
    await expect(getPull()).rejects.toMatchObject({ code, retryable: false, retryAfterMs: null });
  });

  it.each([500, 502, 503, 504])('HTTP %i is unavailable after one more try', async (status) => {
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, status });
    server.expects({ method: 'GET', path, status });
    await expect(getPull()).rejects.toMatchObject({
      code: 'github.unavailable',
      retryable: true,
      retryAfterMs: null,
    });
  });

  it('a server that says when it is back is unavailable until then', async () => {
    server.expects(mint({ pull_requests: 'read' }));
    const down = { method: 'GET', path, status: 503, answerHeaders: { 'retry-after': '120' } };
    server.expects({ ...down, method: 'GET' });
    server.expects({ ...down, method: 'GET' });
    await expect(getPull()).rejects.toMatchObject({
      code: 'github.unavailable',
      retryAfterMs: 120_000,
    });
  });

  it('a broken connection is unavailable after one more try', async () => {
    server.expects(mint({ pull_requests: 'read' }));
    server.expects({ method: 'GET', path, breaks: true });
    server.expects({ method: 'GET', path, breaks: true });
    await expect(getPull()).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it('a fault of ours stays what it is', () => {
    const fault = new TypeError('x is undefined');
    expect(translateApiError(fault)).toBe(fault);
    const coded = new SallyportError('github.stale-head', 'moved');
    expect(translateApiError(coded)).toBe(coded);
  });
});
