import { expect, it } from 'vitest';
import { weighOpinion } from '../../../src/policy/decide/weigh-opinion.ts';
import { sampleRules } from '../../support/report/samples.ts';

const { review } = sampleRules();
const error = { severity: 'error' } as const;

it.each([
  ['confirmed', {}, 'kept'],
  ['refuted', {}, 'dropped'],
  ['refuted', { refuted: 'downgrade' }, 'downgraded'],
  ['refuted', { refuted: 'keep' }, 'kept'],
  ['unsure', {}, 'downgraded'],
  ['unsure', { unsure: 'drop' }, 'dropped'],
] as const)('makes of a finding that is %s under %j: %s', (verdict, change, action) => {
  const rules = { review: { ...review, ...change }, isCut: false };
  const opinion = { verdict, reason: 'so' };
  expect(weighOpinion(error, opinion, rules)).toEqual({ verdict, action, reason: 'so' });
});

it('takes silence for doubt, but not of an agent that was stopped', () => {
  const unheard = { verdict: 'unheard', reason: '' };
  const drops = { ...review, unsure: 'drop' } as const;
  expect(weighOpinion(error, undefined, { review: drops, isCut: false })).toEqual({
    ...unheard,
    action: 'dropped',
  });
  expect(weighOpinion(error, undefined, { review: drops, isCut: true })).toEqual({
    ...unheard,
    action: 'kept',
  });
  const refuted = { verdict: 'refuted', reason: '' } as const;
  expect(weighOpinion(error, refuted, { review, isCut: true }).action).toBe('dropped');
});

it('makes nothing lower than a note', () => {
  const unsure = { verdict: 'unsure', reason: '' } as const;
  const rules = { review, isCut: false };
  expect(weighOpinion({ severity: 'info' }, unsure, rules).action).toBe('kept');
});
