import { describe, expect, it } from 'vitest';
import { TestPaths } from '../../../src/policy/decide/test-paths.ts';
import { Effort } from '../../../src/policy/effort.ts';
import { sampleRules } from '../../support/report/samples.ts';

const { patch } = sampleRules('fix');
const effort = () => new Effort(500_000);

describe('files that are tests', () => {
  it.each([
    'test/unit/a.ts',
    'pkg/tests/data/x.json',
    'src/__tests__/a.js',
    'spec/models/user_spec.rb',
    'src/a.test.ts',
    'lib/a_test.go',
    'test_a.py',
    'deep/conftest.py',
    'src/AccountTest.java',
  ])('are by habit such as %s', (path) => {
    expect(new TestPaths({ patch }).takes(path, effort())).toBe(true);
  });

  it.each(['src/a.ts', 'latest/a.ts', 'src/contest.py', 'src/attest.go', 'Makefile'])(
    'are by habit not such as %s',
    (path) => {
      expect(new TestPaths({ patch }).takes(path, effort())).toBe(false);
    },
  );

  it('are those that every layer of the policy lets the task change, where it says so', () => {
    const tests = new TestPaths({ patch: { ...patch, paths: [['checks/**'], ['**/*.py']] } });
    expect(tests.takes('checks/a.py', effort())).toBe(true);
    expect(tests.takes('checks/a.js', effort())).toBe(false);
    expect(tests.takes('test/a.py', effort())).toBe(false);
  });

  it('are none where that takes too long to tell', () => {
    expect(new TestPaths({ patch }).takes('test/a.ts', new Effort(1))).toBe(false);
  });
});
