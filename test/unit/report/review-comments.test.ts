import { expect, test } from 'vitest';
import { planComments } from '../../../src/report/review-comments.ts';
import { sampleFinding } from '../../support/report/samples.ts';

test('keeps the Markdown of a message, with links to the hosts of the policy alone', () => {
  const message = '**No** [a](https://docs.example/b), [c](https://evil.example)\n\n- @d';
  const [before, after] = ['a\n', 'b\n'].map((text) => new TextEncoder().encode(text));
  const { comments } = planComments({
    agent: 'linters',
    maxComments: 1,
    linkHosts: ['docs.example'],
    findings: [sampleFinding({ message, path: 'f', range: { startLine: 1, endLine: 1 } })],
    files: new Map([['f', { before: before ?? null, after: after ?? null }]]),
    hunks: new Map([['f', [{ oldStart: 1, oldLines: 0, newStart: 1, newLines: 1 }]]]),
  });
  expect(comments.map(({ body }) => body)).toEqual([
    '`ruff: F821`\n\n**No** [a](<https://docs.example/b>), c (`https://evil.example`)\n\n- @&#8203;d\n\n```suggestion\nb\n```',
  ]);
});
