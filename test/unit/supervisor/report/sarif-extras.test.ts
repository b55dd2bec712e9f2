import { describe, expect, it } from 'vitest';
import { maxEdits } from '../../../../src/protocol/agent-report.ts';
import { reportIn } from '../../../support/report/left-report.ts';

const physicalLocation = { artifactLocation: { uri: 'a.js' }, region: { startLine: 3 } };
const result = { ruleId: 'R1', message: { text: 'say' }, locations: [{ physicalLocation }] };
const noFix = 'say\n(Its fix was left out: it is not a few text edits of this one file.)';

function read(results: readonly object[], run: object = {}, driver: object = {}) {
  const runs = [{ tool: { driver: { name: 'x', ...driver } }, results, ...run }];
  return reportIn({ 'report.sarif': JSON.stringify({ version: '2.1.0', runs }) });
}

function one(fields: object, run: object = {}, driver: object = {}) {
  return read([{ ...result, ...fields }], run, driver).findings[0];
}

describe('a fix', () => {
  const region = { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 };
  const fixOf = (replacements: readonly object[], uri = 'a.js') => ({
    artifactChanges: [{ artifactLocation: { uri }, replacements }],
  });
  const replacing = (deletedRegion: object, insertedContent?: object) =>
    fixOf([{ deletedRegion, insertedContent }]);

  it.each<[string, object, object]>([
    ['a replacement', replacing(region, { text: 'new' }), { ...region, newText: 'new' }],
    ['a deletion', replacing(region), { ...region, newText: '' }],
    [
      'a whole line’s content',
      replacing({ startLine: 3 }, { text: 'new' }),
      { startLine: 3, startColumn: 1, endLine: 3, newText: 'new' },
    ],
    [
      'the rest of a line',
      replacing({ startLine: 3, startColumn: 5 }, { text: '' }),
      { startLine: 3, startColumn: 5, endLine: 3, newText: '' },
    ],
  ])('is %s', (_what, fix, edit) => {
    expect(one({ fixes: [fix] })).toMatchObject({ message: 'say', fix: { edits: [edit] } });
  });

  it('is the first that can be taken', () => {
    const fixes = [replacing(region, { text: 'b' }), replacing(region, { text: 'c' })];
    expect(one({ fixes: [fixOf([], 'b.js'), ...fixes] })?.fix?.edits[0]?.newText).toBe('b');
  });

  it.each<[string, object]>([
    ['of another file', fixOf([{ deletedRegion: region }], 'b.js')],
    ['of a file outside', fixOf([{ deletedRegion: region }], '../../etc/passwd')],
    ['of bytes', replacing(region, { binary: 'AAAA' })],
    ['at characters', replacing({ charOffset: 3 }, { text: 'x' })],
    ['at line 0', replacing({ startLine: 0 }, { text: 'x' })],
    ['at column 0', replacing({ startLine: 1, startColumn: 0 }, { text: 'x' })],
    ['of too much text', replacing(region, { text: 'x'.repeat(100_001) })],
    ['of half a surrogate pair', replacing(region, { text: '\ud83d' })],
    ['of 101 edits', fixOf(Array.from({ length: 101 }, () => ({ deletedRegion: region })))],
  ])('%s is left out, and it is said', (_what, fix) => {
    const finding = one({ fixes: [fix] });
    expect(finding?.message).toBe(noFix);
    expect(finding).not.toHaveProperty('fix');
  });

  it('of nothing is none', () => {
    expect(one({ fixes: [] })).toMatchObject({ message: 'say' });
    expect(one({ fixes: [fixOf([])] })).not.toHaveProperty('fix');
  });

  it('too many are left out', () => {
    const many = fixOf(Array.from({ length: 100 }, () => ({ deletedRegion: region })));
    const fixed = { ...result, fixes: [many] };
    const { findings } = read(Array.from({ length: maxEdits / 100 + 1 }, () => fixed));
    expect(findings.at(-2)?.fix?.edits).toHaveLength(100);
    expect(findings.at(-1)?.message).toBe(noFix);
  });
});

describe('related places', () => {
  const related = (uri: string, message?: object) => ({
    message,
    physicalLocation: {
      artifactLocation: { uri },
      region: { startLine: 1, startColumn: 2, endLine: 2, endColumn: 3 },
    },
  });

  it('keep their lines, and their columns where nobody has to measure them', () => {
    const relatedLocations = [related('b.js', { text: 'defined here' })];
    const range = { startLine: 1, endLine: 2 };
    const place = { path: 'b.js', message: 'defined here' };
    expect(one({ relatedLocations })?.related).toEqual([{ ...place, range }]);
    const exact = { ...range, startColumn: 2, endColumn: 3 };
    const columnKind = 'utf16CodeUnits';
    expect(one({ relatedLocations }, { columnKind })?.related).toEqual([
      { ...place, range: exact },
    ]);
  });

  it('are ten at most, and none outside of the repository', () => {
    const relatedLocations = [
      related('/etc/passwd'),
      {},
      { physicalLocation: { artifactLocation: { uri: 'whole.js' } } },
      ...Array.from({ length: 20 }, () => related('b.js', { text: 'x'.repeat(600) })),
    ];
    const places = one({ relatedLocations })?.related ?? [];
    expect(places).toHaveLength(10);
    expect(places[0]).toEqual({ path: 'whole.js', message: 'see also' });
    expect(places[1]?.message).toHaveLength(500);
  });
});

it.each<[string, object, object, string | undefined]>([
  ['a result’s own word', { properties: { confidence: 'HIGH' } }, {}, 'high'],
  ['bandit’s', { properties: { issue_confidence: 'MEDIUM' } }, {}, 'medium'],
  [
    'the rule’s precision',
    {},
    { rules: [{ id: 'R1', properties: { precision: 'very-high' } }] },
    'high',
  ],
  ['a number', { properties: { confidence: 0.9 } }, {}, undefined],
  ['a word of its own', { properties: { confidence: '__proto__' } }, {}, undefined],
])('confidence by %s', (_what, fields, driver, expected) => {
  expect(one(fields, {}, driver)?.confidence).toBe(expected);
});

it.each<[string, object, unknown]>([
  ['fingerprints first', { fingerprints: { v1: 'a' }, partialFingerprints: { h: 'b' } }, 'v1=a'],
  ['partial ones in order', { partialFingerprints: { z: '1', a: '2' } }, 'a=2,z=1'],
  [
    'a digest of long ones',
    { partialFingerprints: { a: 'x'.repeat(201) } },
    expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  ],
  ['none', { partialFingerprints: {} }, undefined],
])('a finding’s fingerprint: %s', (_what, fields, expected) => {
  expect(one(fields)?.toolFingerprint).toEqual(expected);
});

it.each<[string, string | undefined]>([
  ['https://example.com/R1', 'https://example.com/R1'],
  ['http://example.com/R1', undefined],
  ['javascript:alert(1)', undefined],
])('a help link: %s', (helpUri, expected) => {
  expect(one({}, {}, { rules: [{ id: 'R1', helpUri }] })?.helpUrl).toBe(expected);
});

describe('what a tool could not do', () => {
  const note = (level: string, text?: string) => ({ level, message: { text } });
  it.each<[string, object, string[]]>([
    ['its errors', { toolExecutionNotifications: [note('error', 'crashed')] }, ['crashed']],
    ['its bad set-up', { toolConfigurationNotifications: [note('error', 'no rule')] }, ['no rule']],
    [
      'an error of no words',
      { toolExecutionNotifications: [note('error')] },
      ['an error without a message'],
    ],
    ['its bad end', { executionSuccessful: false }, ['it says that it did not end well']],
    ['no warning', { toolExecutionNotifications: [note('warning', 'slow')] }, []],
    ['a good end', { executionSuccessful: true }, []],
  ])('is told: %s', (_what, invocation, messages) => {
    const { toolErrors } = read([], { invocations: [invocation] });
    expect(toolErrors).toEqual(messages.map((message) => ({ tool: 'x', message })));
  });

  it.each([[null], [undefined]])('is told: results are %s', (results) => {
    const message = 'it did not come to results';
    expect(read([], { results }).toolErrors).toEqual([{ tool: 'x', message }]);
  });

  it('is told once, and no more than 64 times', () => {
    const errors = Array.from({ length: 200 }, (_, index) => note('error', `e${index >> 1}`));
    const { toolErrors } = read([], { invocations: [{ toolExecutionNotifications: errors }] });
    expect(toolErrors).toHaveLength(64);
    expect(toolErrors.at(-1)).toEqual({ tool: 'report', message: '37 more errors of tools' });
  });
});

it.each([
  ['ESLint', 'eslint'],
  ['@scope/Lint It!', 'scope-lint-it-'],
  ['..x', 'x'],
  ['日本', 'tool'],
  ['a'.repeat(300), 'a'.repeat(64)],
])('a tool called %s is %s', (name, expected) => {
  expect(read([result], {}, { name })).toMatchObject({
    findings: [{ tool: expected }],
    tools: [{ name: expected }],
  });
});
