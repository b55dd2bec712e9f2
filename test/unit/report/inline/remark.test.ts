import { expect, test } from 'vitest';
import { look } from '../../../support/report/inline-scene.ts';
import { unmarked } from '../../../support/report/plan-whole.ts';
import { sampleFinding } from '../../../support/report/samples.ts';

test('keeps the Markdown of a message, with links to the hosts of the policy alone', () => {
  const message = '**No** [a](https://docs.example/b), [c](https://evil.example)\n\n- @d';
  const { plan } = look({
    files: { f: { head: 'a\n', after: 'b\n' } },
    outcome: {
      findings: [sampleFinding({ message, path: 'f', range: { startLine: 1, endLine: 1 } })],
    },
    review: { linkHosts: ['docs.example'] },
  });
  expect(plan.comments.map(({ body }) => unmarkedBody(body))).toEqual([
    '`ruff: F821`\n\n**No** [a](<https://docs.example/b>), c (`https://evil.example`)\n\n- @&#8203;d\n\n```suggestion\nb\n```',
  ]);
});

function unmarkedBody(body: string): string | undefined {
  return unmarked([{ path: 'f', line: 1, body }])[0]?.body;
}
