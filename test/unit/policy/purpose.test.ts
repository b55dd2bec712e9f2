import { describe, expect, it } from 'vitest';
import { purposeOf, rulesOf } from '../../../src/policy/rules-of.ts';
import { folded } from './fixture.ts';

describe('what a task is to achieve', () => {
  const writing = rulesOf(folded({}).policy, 'fix');
  const reading = rulesOf(folded({}).policy, 'review');

  it('is what the policy says', () => {
    expect(purposeOf('review', { ...reading, purpose: 'docs' })).toBe('docs');
  });

  it('is else what its name says', () => {
    expect(purposeOf('tests', writing)).toBe('tests');
    expect(purposeOf('triage', reading)).toBe('triage');
  });

  it('is else what it may write', () => {
    expect(purposeOf('spelling', writing)).toBe('fix');
    expect(purposeOf('spelling', reading)).toBe('review');
  });
});
