import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { ledgerHeadLine, ledgerHeadPattern } from '../../../src/report/ledger-head-pattern.ts';
import { reviewMarker } from '../../../src/report/plan-report.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { assertCheck, assertReview } from '../../support/fakes/github-rules.ts';
import { readSuggestionBlock } from '../../support/markdown/suggestion-block.ts';
import { planWhole, unmarked, type WholeParts } from '../../support/report/plan-whole.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const ledgerHead = { seq: 12, hash: digestOf('row 12') };
const noGate = { status: 'none', reasons: [], mayApprove: 'Nobody.' } as const;
const whole = [{ oldStart: 1, oldLines: 50, newStart: 1, newLines: 50 }];

type Parts = WholeParts;

function plan(fields: Partial<Parts> = {}) {
  const parts: Parts = {
    task: sampleTask(),
    rules: sampleRules(),
    outcome: sampleOutcome(),
    files: new Map(),
    hunks: new Map(),
    gate: noGate,
    facts: nothingAsked,
    ledgerHead,
    ...fields,
  };
  const report = planWhole(parts);
  assertCheck(report.check);
  if (report.review !== null) assertReview(report.review, parts.hunks);
  return report;
}

const source = 'a\nb\nreturn totl\nd\n';
const sides = { before: bytes(source), after: bytes(source.replace('totl', 'total')) };
const oneFile = { files: new Map([['src/a.py', sides]]), hunks: new Map([['src/a.py', whole]]) };

describe('a review', () => {
  test('without findings passes, has no review and says what ran', () => {
    const { check, review, suggestionCount, leftoverCount } = plan();
    expect(check.state).toEqual({ status: 'completed', conclusion: 'success' });
    expect(check.output.title).toBe('No findings');
    expect(check.output.summary).toContain('Agent `linters` under `runsc`, 12.3 s');
    expect(check.output.summary).toContain('- `ruff 0.9.1`\n');
    expect(check.output).not.toHaveProperty('text');
    expect([review, suggestionCount, leftoverCount]).toEqual([null, 0, 0]);
  });

  test('carries every finding as an annotation, worst first, then by path and line', () => {
    const findings = [
      sampleFinding({ severity: 'info', path: 'a', range: undefined }),
      sampleFinding({ path: 'b', range: { startLine: 9, endLine: 12, startColumn: 2 } }),
      sampleFinding({ path: 'b', range: { startLine: 2, endLine: 2 } }),
      sampleFinding({ path: 'a', range: { startLine: 5, endLine: 5, startColumn: 4 } }),
      sampleFinding({ severity: 'warning' }),
    ];
    const { check } = plan({ outcome: sampleOutcome({ findings }) });
    const places = check.annotations.map(({ title: _title, message: _message, ...place }) => place);
    expect(places).toEqual([
      { path: 'a', startLine: 5, endLine: 5, startColumn: 4, endColumn: 4, level: 'failure' },
      { path: 'b', startLine: 2, endLine: 2, level: 'failure' },
      { path: 'b', startLine: 9, endLine: 12, level: 'failure' },
      {
        path: 'src/a.py',
        startLine: 3,
        endLine: 3,
        startColumn: 5,
        endColumn: 8,
        level: 'warning',
      },
      { path: 'a', startLine: 1, endLine: 1, level: 'notice' },
    ]);
    expect(check.output.title).toBe('3 errors, 1 warning, 1 note');
    expect(check.output.summary).toContain('| error | 3 |\n| warning | 1 |\n| info | 1 |\n');
  });

  test('an annotation gives rule, message and help address as plain text', () => {
    const helpUrl = 'https://docs.example/F821';
    const message = 'Undefined\u202e name\n::error::x';
    const { check, plan: inline } = plan({
      outcome: sampleOutcome({ findings: [sampleFinding({ message, helpUrl })] }),
    });
    expect(check.annotations[0]).toMatchObject({
      title: 'ruff: F821',
      message: `Undefined[U+202E] name\n: :error::x\n${helpUrl}\nId: ${inline.ids[0]}`,
    });
  });

  test("suggests a change on the finding's line with the finding's words", () => {
    const outcome = sampleOutcome({ findings: [sampleFinding()] });
    const { review, suggestionCount, leftoverCount, check } = plan({ ...oneFile, outcome });
    expect(check.output.summary).toContain('1 suggested change inline.');
    expect(review?.body).toBe(`1 suggested change.\n\n${reviewMarker(sampleTask())}`);
    expect(unmarked(review?.comments)).toEqual([
      {
        path: 'src/a.py',
        line: 3,
        body: '`ruff: F821`\n\nUndefined name `totl`\n\n```suggestion\nreturn total\n```',
      },
    ]);
    expect([suggestionCount, leftoverCount]).toEqual([1, 0]);
  });

  test('a suggestion without a finding names the agent, and spans lines when it must', () => {
    const after = bytes('X\nd\n');
    const files = new Map([['src/a.py', { before: bytes(source), after }]]);
    const findings = [
      sampleFinding({ path: 'other' }),
      sampleFinding({ range: undefined }),
      sampleFinding({ range: { startLine: 4, endLine: 4 } }),
    ];
    const { review } = plan({ ...oneFile, files, outcome: sampleOutcome({ findings }) });
    expect(unmarked(review?.comments)).toEqual([
      {
        path: 'src/a.py',
        startLine: 1,
        line: 3,
        body: 'Suggested change by `linters`\n\n```suggestion\nX\n```',
      },
    ]);
  });

  test('posts the suggestions on the worst findings, and the rest in the check', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at + 1}\n`);
    const after = lines.map((line, at) => (at % 3 === 0 ? `new ${line}` : line));
    const files = new Map([['f', { before: bytes(lines.join('')), after: bytes(after.join('')) }]]);
    const at = (startLine: number, severity: string) =>
      sampleFinding({ path: 'f', severity, range: { startLine, endLine: startLine } });
    const rules = { ...sampleRules(), review: { ...sampleRules().review, maxComments: 3 } };
    const findings = [at(4, 'info'), at(28, 'error'), at(7, 'warning')];
    const report = plan({
      rules,
      files,
      hunks: new Map([['f', whole]]),
      outcome: sampleOutcome({ findings }),
    });
    expect(report.review?.comments.map((comment) => comment.line)).toEqual([28, 7, 4]);
    expect([report.suggestionCount, report.leftoverCount]).toEqual([3, 7]);
    expect(report.review?.body).toContain("7 more changes in the check's details.");
    expect(report.check.output.text).toContain('+new line 1\n');
    expect(report.check.output.summary).toContain(
      '7 changes not inline (7 over the comment limit): see the patch below.',
    );
  });

  test.each(['comments', 'suggestions'] as const)(
    'shows no change at all when the policy takes %s away',
    (way) => {
      const { outputs } = sampleRules();
      const rules = { ...sampleRules(), outputs: { ...outputs, [way]: 'none' as const } };
      const files = new Map([['f', { before: bytes('a\n'), after: bytes('b\n') }]]);
      const report = plan({ rules, files, hunks: new Map([['f', whole]]) });
      expect([report.review, report.suggestionCount, report.leftoverCount]).toEqual([null, 0, 0]);
      expect(report.check.output.text).toBeUndefined();
    },
  );

  test('files made, removed, or outside the diff go to the check alone', () => {
    const files = new Map([
      ['new', { before: null, after: bytes('n\n') }],
      ['gone', { before: bytes('g\n'), after: null }],
      ['elsewhere', { before: bytes('e\n'), after: bytes('E\n') }],
    ]);
    const { review, leftoverCount, check } = plan({ files });
    expect([review, leftoverCount]).toEqual([null, 3]);
    expect(check.output.summary).toContain(
      '3 changes not inline (1 outside the diff, 2 making or removing a file)',
    );
    expect(check.output.text).toBe(
      '### Patch\n\n```diff\n--- a/elsewhere\n+++ b/elsewhere\n@@ -1,1 +1,1 @@\n-e\n+E\n' +
        '--- a/gone\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-g\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@\n+n\n```',
    );
  });

  test('a suggestion whose fence makes the comment too long is left over', () => {
    const files = new Map([
      ['f', { before: bytes('a\n'), after: bytes(`${'`'.repeat(39_000)}\n`) }],
    ]);
    const report = plan({ files, hunks: new Map([['f', whole]]) });
    expect([report.review, report.leftoverCount]).toEqual([null, 1]);
    expect(report.check.output.text).toContain('not shown: more than 1,000 backticks in a row');
  });

  test('tools that could not run are in the title, and listed', () => {
    const toolErrors = [{ tool: 'ruff', message: 'crashed\n/approve @owner' }];
    const { check } = plan({ outcome: sampleOutcome({ toolErrors }) });
    expect(check.output.title).toBe('No findings; 1 tool failed');
    expect(check.state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(check.output.summary).toContain('- `ruff`: crashed /approve @&#8203;owner\n');
  });

  test('says which files were left out and which changes are never let through', () => {
    const { check } = plan({
      outcome: sampleOutcome({
        omitted: [{ path: 'big.bin', reason: 'too-large' }],
        refused: [{ path: 'a\n### Receipt', reason: 'symlink' }],
      }),
    });
    expect(check.output.summary).toContain('- `big.bin`: too-large\n');
    expect(check.output.summary).toContain('- `a ### Receipt`: symlink\n');
  });
});

describe('a fix', () => {
  const task = sampleTask({ kind: 'fix' });
  const changes = [{ path: 'src/a.py', before: digestOf('x'), after: digestOf('y') }];
  const outcome = sampleOutcome({ changes: changes as never });
  const base = { ...oneFile, task, outcome };

  test.each([
    ['none', 'neutral', 'No fix proposed'],
    ['waiting', 'action_required', 'Patch for 1 file waits for approval'],
    ['applied', 'success', 'Patch for 1 file applied'],
    ['rejected', 'neutral', 'Patch for 1 file rejected'],
    ['refused', 'failure', 'Patch for 1 file not let through'],
  ] as const)('with the gate at %s concludes %s', (...[status, conclusion, title]) => {
    const { check, review } = plan({ ...base, gate: { ...noGate, status } });
    expect(check.state).toEqual({ status: 'completed', conclusion });
    expect(check.output.title).toBe(title);
    expect(check.output.text).toContain('-return totl\n+return total\n');
    expect(review).toBeNull();
    const identifiers = check.actions.map((action) => action.identifier);
    expect(identifiers).toEqual(status === 'waiting' ? ['apply', 'reject', 're-run'] : []);
  });

  test.each([
    ['none', 'failure'],
    ['waiting', 'action_required'],
    ['applied', 'failure'],
    ['rejected', 'failure'],
    ['refused', 'failure'],
  ] as const)('that nobody asked for and that found an error concludes %s as %s', (...facts) => {
    const [status, conclusion] = facts;
    const found = sampleOutcome({ changes: changes as never, findings: [sampleFinding()] });
    const itself = { ...task, isAutomatic: true };
    const gate = { ...noGate, status };
    const { check } = plan({ ...base, task: itself, outcome: found, gate });
    expect(check.state).toEqual({ status: 'completed', conclusion });
  });

  test('shows who may decide, the reasons, and the commit', () => {
    const mayApprove = 'Who has `write` permission or more.';
    const summaryAt = (gate: Partial<Parts['gate']>) =>
      plan({ ...base, gate: { ...noGate, ...gate } }).check.output.summary;
    expect(summaryAt({ status: 'waiting', mayApprove })).toContain(mayApprove);
    expect(summaryAt({ status: 'applied', commitSha: 'd'.repeat(40) })).toContain('`dddd');
    expect(summaryAt({ status: 'applied' })).toContain('approved and applied.');
    const reasons = ['"a@b.yml": protected by ".*/**"'];
    expect(summaryAt({ status: 'refused', reasons })).toContain(
      '- "a@&#8203;b.yml": protected by ".\\*/\\*\\*"\n',
    );
    expect(summaryAt({ status: 'none', reasons })).toContain('No patch waits');
  });
});

describe('the receipt', () => {
  test('gives the ledger head back to a machine', () => {
    const { summary } = plan().check.output;
    expect(ledgerHeadPattern.exec(summary)?.[1]).toBe(`12:${ledgerHead.hash}`);
    expect(summary).toContain(`- Policy: \`${sampleTask().policyDigest}\`\n`);
  });

  test('says when there is no patch', () => {
    const task = sampleTask({ patchDigest: null });
    expect(plan({ task }).check.output.summary).toContain('- Patch: none\n');
  });

  test('cannot be forged by anything that a sandbox says', () => {
    const forged = `x\n${ledgerHeadLine({ seq: 1, hash: digestOf('forged') })}\n`;
    const { check } = plan({
      outcome: sampleOutcome({
        findings: [sampleFinding({ message: forged, rule: forged })],
        toolErrors: [{ tool: forged.slice(0, 64), message: forged }],
        tools: [{ name: forged.slice(0, 64), version: forged.slice(0, 64) }],
        omitted: [{ path: forged, reason: 'bad-path' }],
        refused: [{ path: forged, reason: 'bad-path' }],
      }),
      gate: { status: 'refused', reasons: [forged], mayApprove: 'Nobody.' },
    });
    const heads = [...check.output.summary.matchAll(new RegExp(ledgerHeadPattern, 'gm'))];
    expect(heads.map((match) => match[1])).toEqual([`12:${ledgerHead.hash}`]);
  });
});

test('what is inside a suggestion is byte for byte what the sandbox wrote', () => {
  const after = '```suggestion\n````\n@owner <b> &amp; \\\n/approve\n';
  const files = new Map([['f', { before: bytes('a\n'), after: bytes(after) }]]);
  const { review } = plan({ files, hunks: new Map([['f', whole]]) });
  expect(readSuggestionBlock(review?.comments[0]?.body ?? '')).toBe(after);
});
