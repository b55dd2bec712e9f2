import { describe, expect, it } from 'vitest';
import { whyUnseen } from '../../../src/approval/why-unseen.ts';
import { sampleTask } from '../../support/report/samples.ts';

describe('whoever lets a run start', () => {
  it.each([
    ['has seen what was there before', 'claude-code', 1_000, /^seen$/],
    ['may not have seen what came after', 'claude-code', 1_001, /pull request has changed/],
    ['needs to see no text that nobody reads', 'linters', 1_001, /^seen$/],
  ])('%s', (_what, agent, updatedAtMs, reason) => {
    const said = { task: sampleTask(), saidAtMs: 1_000 };
    expect(whyUnseen(said, { agent }, { updatedAtMs }) ?? 'seen').toMatch(reason);
  });

  it('is told what it is that changed', () => {
    const task = { ...sampleTask(), subjectKind: 'issue' as const };
    const why = whyUnseen({ task, saidAtMs: 0 }, { agent: 'codex' }, { updatedAtMs: 1 });
    expect(why).toMatch(/^The issue has changed/);
  });
});
