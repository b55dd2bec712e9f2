import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { repliesBody } from '../../../src/dispatch/replies-body.ts';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import { issueText } from '../../../src/report/issue-text.ts';

import { nothingAsked } from '../../../src/report/run-facts.ts';
import { withSibling } from '../../../src/report/shared-head.ts';
import { nodesBelow, parseMarkdown } from '../../support/markdown/active-parts.ts';
import { hostileMarkdown } from '../../support/markdown/hostile-markdown.ts';
import { planWhole } from '../../support/report/plan-whole.ts';
import { sampleOutcome, sampleRules, sampleTask } from '../../support/report/samples.ts';

type Parts = Parameters<typeof planWhole>[0];

/** A text, again and again until it is about as long as that. */
const long = fc
  .tuple(hostileMarkdown, fc.integer({ min: 1, max: 1_900 }))
  .map(([text, length]) => `x${text.repeat(50)}`.slice(0, length));
const rows = fc.array(long, { maxLength: 30 });

function partsOf(
  errors: readonly string[],
  reasons: readonly string[],
  paths: readonly string[],
): Parts {
  const omitted = paths.map((path) => ({ path, reason: 'too-large' as const }));
  const outcome = sampleOutcome({
    toolErrors: errors.map((message) => ({ tool: 'ruff', message })),
    omitted,
  });
  return {
    task: sampleTask({ kind: 'fix' }),
    rules: sampleRules('fix'),
    outcome,
    files: new Map(),
    hunks: new Map(),
    gate: { status: 'waiting', reasons, mayApprove: 'Nobody.' },
    facts: nothingAsked,
    ledgerHead: { seq: 1, hash: digestOf('x') },
  };
}

/** The number of items under a heading: those that are there, and those that are counted. */
function countUnder(markdown: string, heading: string): number {
  const { children } = parseMarkdown(markdown);
  const textOf = (node: Parameters<typeof nodesBelow>[0]) =>
    nodesBelow(node)
      .flatMap((one) => (one.type === 'text' ? one.value : []))
      .join('');
  const at = children.findIndex((node) => node.type === 'heading' && textOf(node) === heading);
  const list = children[at + 1];
  if (at === -1 || list?.type !== 'list') return 0;
  const left = /^… and (\d+) more$/.exec(textOf(list.children.at(-1) ?? list))?.[1];
  return list.children.length + (left === undefined ? 0 : Number(left) - 1);
}

test('a summary keeps whole rows and counts the others, whatever stands in them', () => {
  const holds = fc.property(rows, rows, rows, (errors, reasons, paths) => {
    const { check } = planWhole(partsOf(errors, reasons, paths));
    const { summary } = withSibling(check, 12).output;
    expect(summary.length).toBeLessThanOrEqual(65_535);
    expect(summary.isWellFormed()).toBe(true);
    expect(countUnder(summary, 'Could not run')).toBe(errors.length);
    expect(countUnder(summary, 'Gate')).toBe(reasons.length + 1);
    expect(countUnder(summary, 'Files that the agent was not given')).toBe(paths.length);
    expect(countUnder(summary, 'Receipt')).toBe(6);
  });
  fc.assert(holds, { numRuns: 25 });
});

test('answers are whole parts, and count those that are not there', () => {
  const holds = fc.property(
    fc.array(fc.tuple(rows, rows), { minLength: 1, maxLength: 6 }),
    (all) => {
      const replies = all.map(([errors, reasons], at) => ({
        key: taskIdFor(`${at}`, 'reply'),
        text: issueText({ ...partsOf(errors, reasons, []), pullRequest: undefined }),
      }));
      const body = repliesBody(taskIdFor('a', 'thread'), replies);
      expect(body.length).toBeLessThanOrEqual(65_536);
      expect(body.isWellFormed()).toBe(true);
      const left = Number(/… and (\d+) answers? before, too long/.exec(body)?.[1] ?? 0);
      const shown = replies.filter(({ text }) => body.includes(`-->\n${text}`));
      expect(shown.length + left).toBe(replies.length);
      const tags = nodesBelow(parseMarkdown(body)).flatMap((node) =>
        node.type === 'html' ? node.value : [],
      );
      expect(tags.at(-1)).toMatch(/^<!-- sallyport:replies:t[0-9a-f]{24} -->$/);
      expect(body.split('<details>')).toHaveLength(body.split('</details>').length);
    },
  );
  fc.assert(holds, { numRuns: 15 });
});
