import { expect, it } from 'vitest';
import { type Opinion, settleOpinions } from '../../../src/domain/opinion.ts';

const said = (id: string, verdict: Opinion['verdict'], reason = ''): Opinion => ({
  id,
  verdict,
  reason,
});

it.each<[string, Opinion['verdict'][], Opinion['verdict']]>([
  ['a word that stands alone', ['refuted'], 'refuted'],
  ['a word that is said again', ['refuted', 'refuted'], 'refuted'],
  ['a later word for the finding', ['refuted', 'unsure', 'confirmed'], 'confirmed'],
  ['an earlier word for the finding', ['confirmed', 'refuted', 'unsure'], 'confirmed'],
  ['a doubt', ['unsure', 'refuted'], 'unsure'],
])('of a finding counts %s', (_, verdicts, verdict) => {
  expect(settleOpinions(verdicts.map((one) => said('a', one)))).toEqual([said('a', verdict)]);
});

it('each finding has one opinion, by the last reason for it', () => {
  const all = [said('a', 'unsure', 'one'), said('b', 'refuted'), said('a', 'unsure', 'two')];
  expect(settleOpinions(all)).toEqual([said('a', 'unsure', 'two'), said('b', 'refuted')]);
  expect(settleOpinions([])).toEqual([]);
});
