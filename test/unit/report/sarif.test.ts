import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderLocal } from '../../../src/report/local.ts';
import { toSarif } from '../../../src/report/sarif.ts';
import { uriOf } from '../../../src/report/sarif-fixes.ts';
import { sampleRecord } from '../../contract/store-samples.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a log has what SARIF 2.1.0 requires', () => {
  const findings = [
    sampleFinding(),
    sampleFinding({ rule: 'E501', severity: 'warning', range: { startLine: 1, endLine: 2 } }),
    sampleFinding({ tool: 'eslint', rule: 'no-undef', severity: 'info', range: undefined }),
  ];
  const log = toSarif(sampleOutcome({ findings }), []);
  expect(log).toEqual({
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sallyport',
            rules: [{ id: 'eslint/no-undef' }, { id: 'ruff/E501' }, { id: 'ruff/F821' }],
          },
          extensions: [{ name: 'ruff', version: '0.9.1' }],
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
        results: [
          {
            ruleId: 'ruff/F821',
            ruleIndex: 2,
            level: 'error',
            message: { text: 'Undefined name `totl`' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/a.py' },
                  region: { startLine: 3, endLine: 3, startColumn: 5, endColumn: 9 },
                },
              },
            ],
          },
          expect.objectContaining({ ruleId: 'ruff/E501', level: 'warning' }),
          expect.objectContaining({
            level: 'note',
            locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a.py' } } }],
          }),
        ],
      },
    ],
  });
});

test('a tool that could not run makes the invocation unsuccessful', () => {
  const toolErrors = [{ tool: 'ruff', message: 'crashed\u202e' }];
  expect(toSarif(sampleOutcome({ toolErrors }), []).runs[0]?.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: 'ruff: crashed[U+202E]' } }],
    },
  ]);
});

test('files that were left out are told, so that no result is not taken for all clear', () => {
  const log = toSarif(
    sampleOutcome({
      omitted: [{ path: 'big.bin', reason: 'too-large' }],
      refused: [{ path: 'a\nb', reason: 'symlink' }],
      replaced: [{ path: 'CLAUDE.md', what: 'absent' }],
    }),
    [],
  );
  expect(log.runs[0]?.invocations[0]).toEqual({
    executionSuccessful: true,
    toolExecutionNotifications: [
      { level: 'warning', message: { text: 'left out: a b (symlink)' } },
      { level: 'warning', message: { text: 'left out: big.bin (too-large)' } },
      { level: 'note', message: { text: 'steers agents: CLAUDE.md (not given)' } },
    ],
  });
});

test('what gate 2 says of a patch is a property of the run', () => {
  const gate = { status: 'refused', reasons: ['"f\u202e": mode'] } as const;
  expect(toSarif(sampleOutcome(), [], gate).runs[0]?.properties).toEqual({
    gate: { status: 'refused', reasons: ['"f[U+202E]": mode'] },
  });
  expect(toSarif(sampleOutcome(), []).runs[0]).not.toHaveProperty('properties');
});

test('edits on the lines of a finding are its fix, and each edit belongs to one finding', () => {
  const before = 'a\nb\nc\nd\ne\nf\n';
  const after = 'a\nB\nc\nx\nd\ne\nF\n';
  const at = (startLine: number, rule: string) =>
    sampleFinding({ path: 'f g', rule, range: { startLine, endLine: startLine } });
  const findings = [
    at(2, 'R1'),
    at(3, 'R2'),
    at(3, 'R3'),
    sampleFinding({ path: 'f g', range: undefined }),
  ];
  const sides = { before: bytes(before), after: bytes(after) };
  const files = [
    { path: 'f g', ...sides },
    { path: 'of nobody', ...sides },
  ];
  const results = toSarif(sampleOutcome({ findings }), files).runs[0]?.results ?? [];
  const region = (startLine: number, endLine: number) => ({
    startLine,
    startColumn: 1,
    endLine,
    endColumn: 1,
  });
  const fix = (deletedRegion: object, text: string) => [
    {
      artifactChanges: [
        {
          artifactLocation: { uri: 'f%20g' },
          replacements: [{ deletedRegion, insertedContent: { text } }],
        },
      ],
    },
  ];
  expect(results.map((result) => [result.ruleId, result.fixes])).toEqual([
    ['ruff/F821', undefined],
    ['ruff/R1', fix(region(2, 3), 'B\n')],
    ['ruff/R2', fix(region(4, 4), 'x\n')],
    ['ruff/R3', undefined],
  ]);
});

test('several edits on one finding are replacements of one fix', () => {
  const findings = [sampleFinding({ path: 'f', range: { startLine: 1, endLine: 9 } })];
  const files = [{ path: 'f', before: bytes('a\nb\nc\n'), after: bytes('A\nb\nC\n') }];
  const [result] = toSarif(sampleOutcome({ findings }), files).runs[0]?.results ?? [];
  expect(result?.fixes?.[0]?.artifactChanges[0].replacements).toHaveLength(2);
});

test.each([
  ['a new file', null, bytes('a\n')],
  ['a removed file', bytes('a\n'), null],
  ['bytes that are not text', Uint8Array.of(0xff), bytes('a\n')],
])('%s has no fix', (...[, before, after]) => {
  const findings = [sampleFinding({ path: 'f', range: { startLine: 1, endLine: 1 } })];
  const log = toSarif(sampleOutcome({ findings }), [{ path: 'f', before, after }]);
  expect(log.runs[0]?.results[0]).not.toHaveProperty('fixes');
});

test('a path survives as a relative URI', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (path) => {
      const uri = uriOf(path);
      expect(uri).toMatch(/^[A-Za-z0-9\-_.!~*'()%/]+$/);
      expect(decodeURIComponent(uri)).toBe(path);
    }),
  );
  expect(uriOf('javascript:x/a b#c?d')).toBe('javascript%3Ax/a%20b%23c%3Fd');
});

test('each result has the marks of its finding, in whichever order they are told', () => {
  const findings = [
    sampleFinding({ rule: 'low', severity: 'info', toolFingerprint: 'h' }),
    sampleFinding({ rule: 'high' }),
  ];
  const marks = ['a', 'b'].map((digit) => sampleRecord(digit).marks);
  const prints = (some: typeof marks | undefined) => {
    const { runs } = toSarif(sampleOutcome({ findings, marks: some }), []);
    return runs[0]?.results.map((result) => [result.ruleId, result.partialFingerprints]);
  };
  expect(prints(marks)).toEqual([
    ['ruff/high', { 'sallyport/v1': 'b'.repeat(64) }],
    ['ruff/low', { 'sallyport/v1': 'a'.repeat(64), 'tool/v1': 'h' }],
  ]);
  expect(prints(undefined)).toEqual([
    ['ruff/high', undefined],
    ['ruff/low', { 'tool/v1': 'h' }],
  ]);
});

test('the rendered log is JSON of the same log', () => {
  const outcome = sampleOutcome({ findings: [sampleFinding({ path: 'a\u202eb' })] });
  const text = renderLocal({
    format: 'sarif',
    outcome,
    files: [],
    sources: new Map(),
    gate: null,
    isColoured: false,
  });
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(toSarif(outcome, []))));
});
