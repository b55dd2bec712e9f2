import { expect, test } from 'vitest';
import { renderLocal } from '../../../src/report/local.ts';
import { sampleRecord } from '../../contract/store-samples.ts';
import { reportIn } from '../../support/report/left-report.ts';
import { recorded } from '../../support/report/real-report.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';
import { sarifSchema } from '../../support/report/sarif-schema.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const related = [
  { path: 'src/b c.py', range: { startLine: 2, endLine: 3 }, message: 'defined\u202e here' },
  { path: 'src/d.py', message: 'and there' },
];
const findings = [
  sampleFinding({ confidence: 'high', related, toolFingerprint: 'hash=1:1' }),
  sampleFinding({ rule: 'E501', severity: 'info', helpUrl: 'https://example.com/E501' }),
  sampleFinding({ path: 'é %#?.py', range: undefined, severity: 'warning' }),
];

function logOf(fields: Parameters<typeof sampleOutcome>[0]): unknown {
  return JSON.parse(
    renderLocal({
      format: 'sarif',
      outcome: sampleOutcome(fields),
      files: [{ path: 'src/a.py', before: bytes('a\nb\nc\n'), after: bytes('a\nb\nC\n') }],
      sources: new Map(),
      gate: { status: 'refused', reasons: ['no'] },
      isColoured: false,
    }),
  );
}

test('what we write is SARIF by the published schema', () => {
  const isSarif = sarifSchema();
  const toolErrors = [{ tool: 'x', message: 'crashed' }];
  const { marks } = sampleRecord('a');
  isSarif(logOf({ findings, toolErrors, marks: findings.map(() => marks) }));
  expect(isSarif.errors ?? []).toEqual([]);
  isSarif(logOf({}));
  expect(isSarif.errors ?? []).toEqual([]);
  expect(isSarif({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
});

test.each(['biome', 'eslint', 'markdownlint', 'oxlint', 'secretlint', 'stylelint'])(
  'the schema is the one that %s keeps to',
  (name) => {
    const isSarif = sarifSchema();
    isSarif(JSON.parse(recorded(`${name}.sarif`)));
    expect(isSarif.errors ?? []).toEqual([]);
  },
);

test('what a tool says besides comes out again', () => {
  const log = logOf({ findings });
  expect(log).toMatchObject({
    runs: [
      {
        tool: {
          driver: {
            rules: [{ id: 'ruff/E501', helpUri: 'https://example.com/E501' }, { id: 'ruff/F821' }],
          },
        },
        results: [
          {
            properties: { confidence: 'high' },
            partialFingerprints: { 'tool/v1': 'hash=1:1' },
            relatedLocations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/b%20c.py' },
                  region: { startLine: 2, endLine: 3 },
                },
                message: { text: 'defined[U+202E] here' },
              },
              { physicalLocation: { artifactLocation: { uri: 'src/d.py' } } },
            ],
            fixes: [{}],
          },
          {},
          {},
        ],
      },
    ],
  });
});

test('what we write is read again', () => {
  const report = reportIn({ 'report.sarif': JSON.stringify(logOf({ findings })) });
  expect(report.toolErrors).toEqual([]);
  const rows = report.findings.map(({ rule, severity, path, range, columnUnit }) => [
    rule,
    severity,
    path,
    range,
    columnUnit,
  ]);
  const { range } = sampleFinding();
  expect(rows).toEqual([
    ['ruff/F821', 'error', 'src/a.py', range, 'utf16'],
    ['ruff/F821', 'warning', 'é %#?.py', undefined, 'utf16'],
    ['ruff/E501', 'info', 'src/a.py', range, 'utf16'],
  ]);
  expect(report.findings[0]).toMatchObject({
    confidence: 'high',
    related: [{ path: 'src/b c.py' }, { path: 'src/d.py' }],
    toolFingerprint: 'tool/v1=hash=1:1',
    fix: {
      edits: [{ startLine: 3, startColumn: 1, endLine: 4, endColumn: 1, newText: 'C\n' }],
    },
  });
});
