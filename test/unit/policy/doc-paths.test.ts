import { describe, expect, it } from 'vitest';
import { boundByPurpose } from '../../../src/policy/decide/doc-paths.ts';
import { gateRequirements } from '../../../src/policy/decide/gate.ts';
import { sampleRules } from '../../support/report/samples.ts';

const rules = { ...sampleRules('fix'), protectedPaths: [] };

function refusals(path: string, paths: string[][] = []): readonly string[] {
  const task = { ...rules, patch: { ...rules.patch, paths } };
  const files = [{ path, bytes: 1 }];
  return gateRequirements(boundByPurpose(task, 'docs'), { files, ownerGroups: [] }).refused;
}

describe('a patch of documentation', () => {
  it.each([
    'README.md',
    'CHANGELOG',
    'docs/guide/a.rst',
    'pkg/doc/figure.svg',
    'src/parser/notes.md',
  ])('may by habit change such as %s', (path) => {
    expect(refusals(path)).toEqual([]);
  });

  it.each(['src/a.ts', 'requirements.txt', 'src/docs.ts', 'package.json', 'mydocs/a.ts'])(
    'may by habit not change such as %s',
    (path) => {
      expect(refusals(path)).toEqual([expect.stringContaining('is not among')]);
    },
  );

  it('may change what the policy names, where it does', () => {
    expect(refusals('src/a.ts', [['src/**']])).toEqual([]);
    expect(refusals('README.md', [['src/**']])).toHaveLength(1);
  });

  it('is the only one with such bounds', () => {
    expect(boundByPurpose(rules, 'fix')).toBe(rules);
    expect(boundByPurpose(rules, undefined)).toBe(rules);
  });
});
