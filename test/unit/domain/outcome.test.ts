import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { Outcome, ProposedChange, patchDigestOf } from '../../../src/domain/outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { sampleRecord } from '../../contract/store-samples.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const digest = fc.option(fc.string().map((text) => digestOf(text)));
const anyChange = fc.record({
  path: fc.stringMatching(/^[a-z]{1,8}$/).map((path) => RepoPath.parse(path)),
  before: digest,
  after: digest,
});
const patch = fc.uniqueArray(anyChange, { selector: ({ path }) => path, maxLength: 12 });

describe('patchDigestOf', () => {
  it('does not depend on the order of the changes', () => {
    const shuffled = patch.chain((changes) =>
      fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })),
    );
    fc.assert(
      fc.property(shuffled, ([a, b]) => {
        expect(patchDigestOf(a)).toBe(patchDigestOf(b));
      }),
    );
  });

  it('differs as soon as one path or one content differs', () => {
    fc.assert(
      fc.property(patch, patch, (a, b) => {
        const isSame = rows(a) === rows(b);
        expect(patchDigestOf(a) === patchDigestOf(b)).toBe(isSame);
      }),
    );
  });

  it('tells a new file from a deleted one, and its path from its content', () => {
    const path = RepoPath.parse('a.js');
    const content = digestOf('x');
    const made = patchDigestOf([{ path, before: null, after: content }]);
    const gone = patchDigestOf([{ path, before: content, after: null }]);
    expect(made).not.toBe(gone);
    expect(patchDigestOf([])).not.toBe(gone);
  });
});

function rows(changes: readonly ProposedChange[]): string {
  return JSON.stringify(
    changes.map(({ path, before, after }) => [path, before, after].join('|')).sort(),
  );
}

describe('ProposedChange', () => {
  const change = { path: 'a.js', before: digestOf('a'), after: digestOf('b') };

  it('takes a change', () => {
    expect(ProposedChange.parse(change)).toEqual(change);
  });

  it.each([
    ['one that changes nothing', { after: digestOf('a') }],
    ['one of nothing to nothing', { before: null, after: null }],
    ['content in place of a digest', { after: 'rm -rf' }],
    ['a mode', { mode: '100755' }],
    ['a path out of the repository', { path: 'a/../../b' }],
  ])('refuses %s', (_what, fields) => {
    expect(ProposedChange.safeParse({ ...change, ...fields }).success).toBe(false);
  });
});

describe('Outcome', () => {
  it.each([
    ['an unknown field', { approved: true }],
    ['a negative run time', { runMs: -1 }],
    ['a reason of its own for a refusal', { refused: [{ path: 'a', reason: 'trust me' }] }],
    ['a tool without end', { tools: [{ name: 'x'.repeat(65), version: '1' }] }],
  ])('refuses %s', (_what, fields) => {
    expect(Outcome.safeParse({ ...sampleOutcome(), ...fields }).success).toBe(false);
  });
});

describe('the marks of an outcome', () => {
  const { marks } = sampleRecord('a');
  const outcome = sampleOutcome({ findings: [sampleFinding(), sampleFinding()] });

  it.each([
    ['none, as it was stored before there were any', undefined, true],
    ['one for each finding', [marks, marks], true],
    ['too few', [marks], false],
    ['too many', [marks, marks, marks], false],
  ])('may be %s', (_what, some, isOne) => {
    expect(Outcome.safeParse({ ...outcome, marks: some }).success).toBe(isOne);
  });
});
