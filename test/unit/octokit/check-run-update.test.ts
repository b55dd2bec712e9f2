import { describe, expect, it } from 'vitest';
import type { CheckAnnotation } from '../../../src/ports/check-runs.ts';
import { mockServer, type SentRequest } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const output = { title: 'Reviewing', summary: 'Under way.' };
const completed = { status: 'completed', conclusion: 'neutral' } as const;
const run = `${repoPath}/check-runs/55`;

function annotations(count: number): CheckAnnotation[] {
  return Array.from({ length: count }, (_, index) => ({
    path: 'src/a.ts',
    startLine: index + 1,
    endLine: index + 1,
    level: 'warning',
    title: `Finding ${index + 1}`,
    message: 'Look here.',
  }));
}

function sentAnnotations(sent: SentRequest): number[] {
  const { output: written } = sent.body as { output: { annotations?: { start_line: number }[] } };
  return (written.annotations ?? []).map((one) => one.start_line);
}

describe('updating a check run', () => {
  it('without annotations is one request with state, output and actions', async () => {
    const actions = [{ label: 'Apply', description: 'Commit the patch.', identifier: 'apply' }];
    server.expects(mint({ checks: 'write' }));
    const sent = server.expects({ method: 'PATCH', path: run });
    const state = { status: 'completed', conclusion: 'action_required' } as const;
    await makeGitHub().checkRuns.update(repository, 55, { state, output, actions });
    expect(sent.body).toEqual({ ...state, output, actions });
  });

  it('takes buttons away that are no longer asked for', async () => {
    server.expects(mint({ checks: 'write' }));
    const sent = server.expects({ method: 'PATCH', path: run });
    await makeGitHub().checkRuns.update(repository, 55, { state: completed, output });
    expect(sent.body).toMatchObject({ actions: [] });
  });

  it('translates every field of an annotation', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({ method: 'GET', path: run, answer: { output: { annotations_count: 0 } } });
    const sent = server.expects({ method: 'PATCH', path: run });
    await makeGitHub().checkRuns.update(repository, 55, {
      state: completed,
      output,
      annotations: [
        {
          path: 'a b/ü.ts',
          startLine: 3,
          endLine: 3,
          startColumn: 2,
          endColumn: 9,
          level: 'failure',
          title: '',
          message: 'm',
        },
        { path: 'c.ts', startLine: 1, endLine: 4, level: 'notice', title: 't', message: 'm' },
      ],
    });
    expect(sent.body).toMatchObject({
      output: {
        annotations: [
          {
            path: 'a b/ü.ts',
            start_line: 3,
            end_line: 3,
            start_column: 2,
            end_column: 9,
            annotation_level: 'failure',
            message: 'm',
          },
          {
            path: 'c.ts',
            start_line: 1,
            end_line: 4,
            annotation_level: 'notice',
            title: 't',
            message: 'm',
          },
        ],
      },
    });
  });

  it.each([
    { count: 1, there: 0, chunks: [[1, 1]] },
    { count: 50, there: 0, chunks: [[1, 50]] },
    {
      count: 51,
      there: 0,
      chunks: [
        [1, 50],
        [51, 51],
      ],
    },
    {
      count: 120,
      there: 0,
      chunks: [
        [1, 50],
        [51, 100],
        [101, 120],
      ],
    },
    // After a crash, what is there already is not sent again.
    {
      count: 120,
      there: 50,
      chunks: [
        [51, 100],
        [101, 120],
      ],
    },
    { count: 120, there: 110, chunks: [[111, 120]] },
    { count: 120, there: 120, chunks: [[]] },
    { count: 3, there: 7, chunks: [[]] },
  ])(
    'sends $count annotations of which $there are there in chunks of 50',
    async ({ count, there, chunks }) => {
      server.expects(mint({ checks: 'write' }));
      server.expects({
        method: 'GET',
        path: run,
        answer: { output: { annotations_count: there } },
      });
      const sent = chunks.map(() => server.expects({ method: 'PATCH', path: run }));
      const change = { state: completed, output, annotations: annotations(count) };
      await makeGitHub().checkRuns.update(repository, 55, change);
      const ranges = sent
        .map(sentAnnotations)
        .map((lines) => (lines.length === 0 ? [] : [lines[0], lines.at(-1)]));
      expect(ranges).toEqual(chunks);
      // Only the last request may complete the run: a finished check has all of its annotations.
      for (const early of sent.slice(0, -1)) expect(early.body).not.toHaveProperty('status');
      expect(sent.at(-1)?.body).toMatchObject({ status: 'completed', conclusion: 'neutral' });
    },
  );

  it('does not complete the run when a chunk fails', async () => {
    server.expects(mint({ checks: 'write' }));
    server.expects({ method: 'GET', path: run, answer: { output: { annotations_count: 0 } } });
    server.expects({ method: 'PATCH', path: run, status: 500 });
    const change = { state: completed, output, annotations: annotations(51) };
    const updating = makeGitHub().checkRuns.update(repository, 55, change);
    await expect(updating).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  const fine = annotations(1)[0] as CheckAnnotation;
  it.each([
    ['an empty title', { output: { title: '', summary: 's' } }],
    ['an empty summary', { output: { title: 't', summary: '' } }],
    ['a summary over 65,535', { output: { title: 't', summary: 's'.repeat(65_536) } }],
    ['a text over 65,535', { output: { ...output, text: 's'.repeat(65_536) } }],
    ['columns over two lines', { annotations: [{ ...fine, endLine: 2, startColumn: 1 }] }],
    ['a range upside down', { annotations: [{ ...fine, startLine: 3, endLine: 2 }] }],
    ['line 0', { annotations: [{ ...fine, startLine: 0 }] }],
    ['an empty message', { annotations: [{ ...fine, message: '' }] }],
    ['a message over 64 KiB of UTF-8', { annotations: [{ ...fine, message: 'ü'.repeat(32_769) }] }],
    ['an annotation title over 255', { annotations: [{ ...fine, title: 't'.repeat(256) }] }],
    [
      'a bad annotation after 50 good ones',
      { annotations: [...annotations(50), { ...fine, message: '' }] },
    ],
    [
      'four actions',
      {
        actions: Array.from({ length: 4 }, () => ({
          label: 'l',
          description: 'd',
          identifier: 'i',
        })),
      },
    ],
    [
      'a label over 20',
      { actions: [{ label: 'l'.repeat(21), description: 'd', identifier: 'i' }] },
    ],
    [
      'a description over 40',
      { actions: [{ label: 'l', description: 'd'.repeat(41), identifier: 'i' }] },
    ],
    [
      'an identifier over 20',
      { actions: [{ label: 'l', description: 'd', identifier: 'i'.repeat(21) }] },
    ],
  ])('refuses %s before anything is sent', async (_what, bad) => {
    server.expects(mint({ checks: 'write' }));
    const updating = makeGitHub().checkRuns.update(repository, 55, {
      state: completed,
      output,
      ...bad,
    });
    await expect(updating).rejects.toMatchObject({ code: 'github.rejected' });
  });
});
