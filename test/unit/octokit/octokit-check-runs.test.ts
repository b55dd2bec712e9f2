import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import {
  appId,
  headSha,
  makeGitHub,
  mint,
  nextPage,
  origin,
  repoPath,
  repository,
} from './harness.ts';

const server = mockServer(origin);
const output = { title: 'Reviewing', summary: 'Under way.' };

describe('creating a check run', () => {
  it('sends name, head, external id, state and output, with a token that can write checks alone', async () => {
    server.expects(mint({ checks: 'write' }));
    const sent = server.expects({
      method: 'POST',
      path: `${repoPath}/check-runs`,
      body: {
        name: 'sallyport',
        head_sha: headSha,
        external_id: 't1',
        status: 'queued',
        output: { ...output, text: 'More.' },
      },
      status: 201,
      answer: { id: 55 },
    });
    const id = await makeGitHub().checkRuns.create(repository, {
      name: 'sallyport',
      headSha,
      externalId: 't1',
      state: { status: 'queued' },
      output: { ...output, text: 'More.' },
    });
    expect(id).toBe(55);
    expect(sent.authorization).toBe('token ghs_4242_one');
  });

  it('sends the conclusion with a run that is complete from the start', async () => {
    server.expects(mint({ checks: 'write' }));
    const sent = server.expects({
      method: 'POST',
      path: `${repoPath}/check-runs`,
      answer: { id: 1 },
    });
    await makeGitHub().checkRuns.create(repository, {
      name: 'sallyport',
      headSha,
      externalId: 't1',
      state: { status: 'completed', conclusion: 'action_required' },
      output,
    });
    expect(sent.body).toMatchObject({ status: 'completed', conclusion: 'action_required' });
  });

  it.each([
    ['t0123456789abcdef01234567', 'https://logs.example/?task=t0123456789abcdef01234567'],
    ['unrun-1', undefined],
  ])('links to the details of a task: %s', async (externalId, address) => {
    server.expects(mint({ checks: 'write' }));
    const path = `${repoPath}/check-runs`;
    const sent = server.expects({ method: 'POST', path, answer: { id: 1 } });
    const detailsUrl = 'https://logs.example/?task={task}';
    await makeGitHub({ detailsUrl }).checkRuns.create(repository, {
      name: 'sallyport',
      headSha,
      externalId,
      state: { status: 'queued' },
      output,
    });
    expect(sent.body).toHaveProperty('external_id', externalId);
    expect((sent.body as Record<string, unknown>)['details_url']).toBe(address);
  });

  it('is not sent again after a 5xx or a broken connection', async () => {
    for (const failure of [{ status: 502 }, { breaks: true }]) {
      server.expects(mint({ checks: 'write' }));
      server.expects({ method: 'POST', path: `${repoPath}/check-runs`, ...failure });
      const creating = makeGitHub().checkRuns.create(repository, {
        name: 'sallyport',
        headSha,
        externalId: 't1',
        state: { status: 'queued' },
        output,
      });
      await expect(creating).rejects.toMatchObject({ code: 'github.unavailable', retryable: true });
    }
  });
});

describe('finding a check run', () => {
  const list = `${repoPath}/commits/${headSha}/check-runs?app_id=${appId}&filter=all&per_page=100`;
  const other = { id: 1, name: 'a', external_id: 't1', app: { id: 1 } };

  it('goes through the pages and takes only this App’s', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({
      method: 'GET',
      path: list,
      answer: {
        total_count: 3,
        check_runs: [other, { id: 2, name: 'a', external_id: 't2', app: { id: appId } }],
      },
      answerHeaders: nextPage(`${list}&page=2`),
    });
    server.expects({
      method: 'GET',
      path: `${list}&page=2`,
      answer: {
        total_count: 3,
        check_runs: [{ id: 3, name: 'a', external_id: 't1', app: { id: appId } }],
      },
    });
    await expect(makeGitHub().checkRuns.find(repository, headSha, 't1')).resolves.toBe(3);
  });

  it('finds nothing when only another App has that external id', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({ method: 'GET', path: list, answer: { total_count: 1, check_runs: [other] } });
    await expect(makeGitHub().checkRuns.find(repository, headSha, 't1')).resolves.toBeUndefined();
  });

  it('is asked again after a 5xx', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({ method: 'GET', path: list, status: 502 });
    server.expects({ method: 'GET', path: list, answer: { total_count: 0, check_runs: [] } });
    await expect(makeGitHub().checkRuns.find(repository, headSha, 't1')).resolves.toBeUndefined();
  });
});

describe('check runs of other Apps', () => {
  const list = `${repoPath}/commits/${headSha}/check-runs?filter=latest&status=completed&per_page=100`;
  const said = { title: 'Failing', summary: null };
  const run = { id: 1, name: 'build', conclusion: 'failure', app: { id: 5 }, output: said };

  it('are those that failed or took too long, and none of ours', async () => {
    server.expects(mint({ checks: 'write' }));
    const runs = [
      run,
      { ...run, id: 2, conclusion: 'success' },
      { ...run, id: 3, app: { id: appId } },
      { ...run, id: 4, conclusion: 'timed_out', app: null, output: { ...said, text: 'more' } },
      { ...run, id: 5, app: { id: 15_368, slug: 'github-actions' } },
    ];
    server.expects({ method: 'GET', path: list, answer: { total_count: 5, check_runs: runs } });
    const words = { title: 'Failing', summary: null };
    expect(await makeGitHub().checkRuns.failed(repository, headSha)).toEqual([
      { id: 1, name: 'build', isJob: false, ...words, text: null },
      { id: 4, name: 'build', isJob: false, ...words, text: 'more' },
      { id: 5, name: 'build', isJob: true, ...words, text: null },
    ]);
  });

  it('have annotations, of which a page is read', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({
      method: 'GET',
      path: `${repoPath}/check-runs/1/annotations?per_page=100`,
      answer: [
        {
          path: 'a.js',
          start_line: 1,
          end_line: 2,
          annotation_level: 'warning',
          title: null,
          message: 'so',
        },
        { path: 'b.js', start_line: 3, end_line: 3, annotation_level: null, title: 't' },
      ],
    });
    expect(await makeGitHub().checkRuns.annotations(repository, 1)).toEqual([
      { path: 'a.js', startLine: 1, endLine: 2, level: 'warning', title: '', message: 'so' },
      { path: 'b.js', startLine: 3, endLine: 3, level: 'failure', title: 't', message: '' },
    ]);
  });
});
