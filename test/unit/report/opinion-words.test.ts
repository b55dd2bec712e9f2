import { describe, expect, it } from 'vitest';
import type { JudgedFinding } from '../../../src/domain/second-opinion.ts';
import { opinionRows, opinionSentence } from '../../../src/report/opinion-words.ts';
import { sampleFinding } from '../../support/report/samples.ts';

const marks = { key: '0'.repeat(32), near: '1'.repeat(32), toolKey: null };

function judged(fields: Partial<JudgedFinding>): JudgedFinding {
  const word = { verdict: 'confirmed', action: 'kept', reason: '' } as const;
  return { finding: sampleFinding(), marks, ...word, ...fields };
}

describe('what is said of a second opinion', () => {
  it('is nothing where there is none', () => {
    expect(opinionSentence({})).toBe('');
    expect(opinionRows({})).toEqual([]);
  });

  it('counts what was confirmed and what was not', () => {
    const all = [judged({}), judged({ verdict: 'refuted', action: 'dropped' })];
    expect(opinionSentence({ opinions: { agent: 'codex', failure: null, items: all } })).toBe(
      ' `codex` looked a second time and confirmed 1 of 2 findings, 1 dropped.',
    );
    const one = [judged({ verdict: 'unsure', action: 'downgraded' })];
    expect(opinionSentence({ opinions: { agent: 'codex', failure: null, items: one } })).toBe(
      ' `codex` looked a second time and confirmed 0 of 1 finding, 1 made a note.',
    );
  });

  it('says that every finding stands where it failed', () => {
    const opinions = { agent: 'codex', failure: 'result:no-report', items: [] };
    expect(opinionSentence({ opinions })).toBe(
      ' `codex` was to look a second time and did not (result:no-report): every finding stands.',
    );
  });

  it('has a row for each finding that was not confirmed, with the reason as harmless text', () => {
    const items = [
      judged({}),
      judged({ verdict: 'refuted', action: 'dropped', reason: '@octocat it is\ndefined' }),
      judged({
        finding: sampleFinding({ range: undefined }),
        verdict: 'unheard',
        action: 'downgraded',
      }),
    ];
    expect(opinionRows({ opinions: { agent: 'codex', failure: null, items } })).toEqual([
      '`ruff: F821` in `src/a.py:3` refuted, dropped: @&#8203;octocat it is defined',
      '`ruff: F821` in `src/a.py` unheard, downgraded',
    ]);
  });
});
