import { describe, expect, it } from 'vitest';
import { reportIn } from '../../../support/report/left-report.ts';

const place = {
  physicalLocation: {
    artifactLocation: { uri: 'src/a.js' },
    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
  },
};
const result = { ruleId: 'R1', message: { text: 'say' }, locations: [place] };

function read(results: readonly object[] | null, run: object = {}, driver: object = {}) {
  const runs = [{ tool: { driver: { name: 'Lint It', ...driver } }, results, ...run }];
  return reportIn({ 'report.sarif': JSON.stringify({ version: '2.1.0', runs }) });
}

/** The one finding of a result with these fields. */
function one(fields: object, run: object = {}, driver: object = {}) {
  const { findings } = read([{ ...result, ...fields }], run, driver);
  expect(findings).toHaveLength(1);
  return findings[0];
}

function at(artifactLocation: object, region?: object) {
  return { locations: [{ physicalLocation: { artifactLocation, region } }] };
}

it('a result is a finding of the run’s tool', () => {
  expect(read([result], {}, { version: '1.2', semanticVersion: '1.2.0' })).toEqual({
    findings: [
      {
        tool: 'lint-it',
        rule: 'R1',
        severity: 'warning',
        path: 'src/a.js',
        range: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
        message: 'say',
        columnUnit: 'unknown',
      },
    ],
    tools: [{ name: 'lint-it', version: '1.2.0' }],
    toolErrors: [],
  });
});

it('runs are read one after the other', () => {
  const runs = ['a', 'b'].map((name) => ({ tool: { driver: { name } }, results: [result] }));
  const report = reportIn({ 'report.sarif': JSON.stringify({ version: '2.1.0', runs }) });
  expect(report.findings.map(({ tool }) => tool)).toEqual(['a', 'b']);
  expect(report.tools).toEqual(['a', 'b'].map((name) => ({ name, version: '?' })));
});

describe('the severity', () => {
  const rules = [{ id: 'R1', defaultConfiguration: { level: 'error' } }];
  it.each<[string, object, object, string]>([
    ['of level error', { level: 'error' }, {}, 'error'],
    ['of level note', { level: 'note' }, {}, 'info'],
    ['of level none', { level: 'none' }, {}, 'info'],
    ['of no level', {}, {}, 'warning'],
    ['of its rule by id', {}, { rules }, 'error'],
    ['of its rule by index', { ruleId: undefined, ruleIndex: 0 }, { rules }, 'error'],
    ['of its rule by the first part of the id', { ruleId: 'R1/x' }, { rules }, 'error'],
    ['of its own before its rule’s', { level: 'note' }, { rules }, 'info'],
    ['of an index that says absent', { ruleId: 'R2', ruleIndex: -1 }, { rules }, 'warning'],
    ['of what is to be looked at', { kind: 'review' }, { rules }, 'info'],
    ['of what failed', { kind: 'fail', level: 'error' }, {}, 'error'],
  ])('is that %s', (_what, fields, driver, expected) => {
    expect(one(fields, {}, driver)?.severity).toBe(expected);
  });

  it('is that of a rule in an extension', () => {
    const tool = { driver: { name: 'x' }, extensions: [{ name: 'y', rules }] };
    const rule = { id: 'other', index: 0, toolComponent: { index: 0 } };
    expect(one({ ruleId: undefined, rule }, { tool })).toMatchObject({
      rule: 'other',
      severity: 'error',
    });
  });
});

it.each<[string, object]>([
  ['passed', { kind: 'pass' }],
  ['does not apply', { kind: 'notApplicable' }],
  ['is gone since the baseline', { baselineState: 'absent' }],
  ['is suppressed', { suppressions: [{ kind: 'inSource' }] }],
  ['has an accepted suppression', { suppressions: [{ status: 'accepted' }] }],
])('what %s is no finding', (_what, fields) => {
  expect(read([{ ...result, ...fields }])).toMatchObject({ findings: [], toolErrors: [] });
});

it.each<[string, object]>([
  ['has no suppressions', { suppressions: [] }],
  ['has one under review', { suppressions: [{ status: 'accepted' }, { status: 'underReview' }] }],
  ['has one that was rejected', { suppressions: [{ status: 'rejected' }] }],
  ['is new since the baseline', { baselineState: 'new' }],
])('what %s is one', (_what, fields) => {
  expect(one(fields)?.rule).toBe('R1');
});

describe('the message', () => {
  const messageStrings = { default: { text: 'no {0} in {1}, {{0}}, {9}' } };
  const rules = [{ id: 'R1', messageStrings, shortDescription: { text: 'Short' } }];
  const globalMessageStrings = { all: { text: 'for all' } };
  const driver = { rules, globalMessageStrings };
  it.each<[string, object, string]>([
    ['is its text', { text: 'a {0} b' }, 'a {0} b'],
    ['has its arguments', { text: '{0}-{1}', arguments: ['x', '$&'] }, 'x-$&'],
    ['is its rule’s', { id: 'default', arguments: ['x', 'y'] }, 'no x in y, {0}, {9}'],
    ['is the tool’s', { id: 'all' }, 'for all'],
    ['is the rule’s description otherwise', { id: 'constructor' }, 'Short'],
    ['is cut', { text: 'x'.repeat(9_000) }, `${'x'.repeat(7_999)}…`],
    ['is made well-formed', { text: 'a\ud83d' }, 'a\ufffd'],
  ])('%s', (_what, message, expected) => {
    expect(one({ message }, {}, driver)?.message).toBe(expected);
  });

  it('is the id of the rule when nothing says anything', () => {
    expect(one({ message: {} })?.message).toBe('R1');
    expect(one({ message: { text: ' ' }, ruleId: null })).toMatchObject({
      message: '?',
      rule: '?',
    });
  });
});

describe('the path', () => {
  const bases = {
    originalUriBaseIds: {
      '%SRCROOT%': { uri: 'file:///home/runner/repo/' },
      SUB: { uri: 'src', uriBaseId: '%SRCROOT%' },
      ELSEWHERE: { uri: 'file:///tmp/' },
      LOOP: { uri: 'x/', uriBaseId: 'LOOP' },
      BAD: { uri: 'http://[' },
    },
    artifacts: [{ location: { uri: 'a.js', uriBaseId: 'SUB' } }],
  };
  it.each<[string, object, string]>([
    ['relative', { uri: './src/../src/a.js' }, 'src/a.js'],
    ['percent-encoded', { uri: 'a%20b/%C3%A9%23.js' }, 'a b/é#.js'],
    ['with a blank that should be encoded', { uri: 'a b.js' }, 'a b.js'],
    ['absolute', { uri: 'file:///workspace/src/a.js' }, 'src/a.js'],
    ['absolute without a scheme', { uri: '/workspace/src/a.js' }, 'src/a.js'],
    ['relative to the root, wherever it was', { uri: 'a.js', uriBaseId: '%SRCROOT%' }, 'a.js'],
    ['relative to a base that has one', { uri: 'a.js', uriBaseId: 'SUB' }, 'src/a.js'],
    ['relative to an unknown base', { uri: 'a.js', uriBaseId: '__proto__' }, 'a.js'],
    ['relative to a base that is no URI', { uri: 'a.js', uriBaseId: 'BAD' }, 'a.js'],
    ['by index', { index: 0 }, 'src/a.js'],
    ['with an index that says absent', { uri: 'a.js', index: -1 }, 'a.js'],
    ['in a circle of bases', { uri: 'a.js', uriBaseId: 'LOOP' }, 'x/x/x/x/x/x/x/x/a.js'],
  ])('is found %s', (_what, location, expected) => {
    expect(one(at(location), bases)?.path).toBe(expected);
  });

  it.each<[string, object]>([
    ['that leads out', { uri: '../../etc/passwd' }],
    ['that leads out when decoded', { uri: '%2e%2e/%2E%2E/etc/passwd' }],
    ['that leads out past encoded slashes', { uri: 'a/..%2f..%2f..%2fetc/passwd' }],
    ['elsewhere', { uri: 'file:///etc/passwd' }],
    ['beside the workspace', { uri: 'file:///workspace-2/a.js' }],
    ['on another host', { uri: 'file://evil.example/workspace/a.js' }],
    ['on another host without a scheme', { uri: '//evil.example/workspace/a.js' }],
    ['of another scheme', { uri: 'https://example.com/workspace/a.js' }],
    ['on a drive', { uri: 'C:\\workspace\\a.js' }],
    ['in .git', { uri: '.git/config' }],
    ['of the workspace itself', { uri: '.' }],
    ['with a NUL', { uri: 'a%00.js' }],
    ['that is no UTF-8', { uri: '%ff.js' }],
    ['from a base elsewhere', { uri: 'a.js', uriBaseId: 'ELSEWHERE' }],
    ['that is empty', { uri: '' }],
    ['by no index', { index: 9 }],
  ])('is nowhere %s, and the loss is told', (_what, location) => {
    expect(read([{ ...result, ...at(location) }, result], bases)).toMatchObject({
      findings: [{ path: 'src/a.js' }],
      toolErrors: [
        { tool: 'lint-it', message: '1 of its results are about no file of the repository' },
      ],
    });
  });

  it.each([[[]], [null], [[{}]], [[{ physicalLocation: {} }]]])('is nowhere in %j', (locations) => {
    expect(read([{ ...result, locations }]).toolErrors).toHaveLength(1);
  });
});

describe('the range', () => {
  it.each<[string, object | undefined, object | undefined]>([
    ['one line', { startLine: 2 }, { startLine: 2, endLine: 2 }],
    ['lines', { startLine: 2, endLine: 4 }, { startLine: 2, endLine: 4 }],
    ['a start', { startLine: 2, startColumn: 3 }, { startLine: 2, endLine: 2, startColumn: 3 }],
    [
      'an end alone',
      { startLine: 2, endColumn: 3 },
      { startLine: 2, endLine: 2, startColumn: 1, endColumn: 3 },
    ],
    [
      'an end before its start',
      { startLine: 2, startColumn: 5, endColumn: 3 },
      { startLine: 2, endLine: 2, startColumn: 5 },
    ],
    ['an end line before its start', { startLine: 5, endLine: 3 }, { startLine: 5, endLine: 5 }],
    ['column 0', { startLine: 2, startColumn: 0 }, { startLine: 2, endLine: 2 }],
    ['a column past every line', { startLine: 2, startColumn: 1e8 }, { startLine: 2, endLine: 2 }],
    ['line 0', { startLine: 0 }, undefined],
    ['a line past every file', { startLine: 1e8 }, undefined],
    ['a place by characters', { charOffset: 7, charLength: 3 }, undefined],
    ['no region', undefined, undefined],
  ])('of %s', (_what, region, expected) => {
    expect(one(at({ uri: 'a.js' }, region))?.range).toEqual(expected);
  });

  it.each([
    ['utf16CodeUnits', 'x', 'utf16'],
    ['unicodeCodePoints', 'x', 'code-points'],
    [undefined, 'x', 'unknown'],
    [undefined, 'Biome', 'code-points'],
    ['unicodeCodePoints', 'oxlint', 'utf8'],
    [undefined, 'constructor', 'unknown'],
  ])('is in columns that are %s of %s', (columnKind, name, unit) => {
    expect(one({}, { columnKind }, { name })?.columnUnit).toBe(unit);
  });
});
