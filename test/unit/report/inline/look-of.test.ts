import { describe, expect, it } from 'vitest';
import type { FindingRecord } from '../../../../src/domain/finding-record.ts';
import type { Outcome } from '../../../../src/domain/outcome.ts';
import { lookOf } from '../../../../src/report/inline/look-of.ts';
import { sampleFinding, sampleOutcome, sampleRules } from '../../../support/report/samples.ts';

const id = 'abcdef012345';
const marks = { key: 'a'.repeat(32), near: 'b'.repeat(32), toolKey: null };

function isLooked(agent: string, outcome: Partial<Outcome>, record: Partial<FindingRecord> = {}) {
  const rules = { ...sampleRules(), agent };
  const look = lookOf({ outcome: sampleOutcome(outcome), rules, hunks: new Map() });
  return look({
    id,
    tool: agent,
    rule: 'off-by-one',
    path: 'src/a.py',
    marks,
    ...record,
  } as FindingRecord);
}

describe('a finding of an agent that a model may lead', () => {
  it.each<[string, Partial<Outcome>, boolean]>([
    ['is not settled by silence', {}, false],
    ['is not settled where others are', { gone: ['000000000000'] }, false],
    ['is settled where its text is gone', { gone: [id] }, true],
  ])('%s', (_what, outcome, isSettled) => {
    expect(isLooked('claude-code', outcome)).toBe(isSettled);
  });

  it('is told from a change that it does not propose any more', () => {
    const change = { rule: 'changed-file' };
    expect(isLooked('claude-code', {}, change)).toBe(true);
    const toolErrors = [{ tool: 'claude-code', message: 'ended by SIGTERM' }];
    expect(isLooked('claude-code', { toolErrors }, change)).toBe(false);
  });
});

/** A second agent made the first one's finding of this path go. */
function withDrop(path: string): Partial<Outcome> {
  const finding = sampleFinding({ path });
  const item = { finding, marks, verdict: 'refuted', action: 'dropped', reason: '' } as const;
  return { opinions: { agent: 'codex', failure: null, items: [item] } };
}

describe('a finding that a second agent drops', () => {
  it.each(['claude-code', 'linters'])('is not settled by %s', (agent) => {
    expect(isLooked(agent, { ...withDrop('src/a.py'), gone: [id] })).toBe(false);
    expect(isLooked(agent, { ...withDrop('src/b.py'), gone: [id] })).toBe(true);
  });

  it('counts where an agent found as many as it may', () => {
    const { limits } = sampleRules();
    const findings = Array.from({ length: limits.findings - 1 }, () => sampleFinding());
    expect(isLooked('linters', { findings })).toBe(true);
    expect(isLooked('linters', { ...withDrop('src/b.py'), findings })).toBe(false);
  });
});

it('what the linters do not repeat is settled, wherever the text went', () => {
  expect(isLooked('linters', {})).toBe(true);
});
