import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { noPeaks } from '../../../src/domain/peaks.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { assertCheck } from '../../support/fakes/github-rules.ts';
import { planWhole, type WholeParts } from '../../support/report/plan-whole.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

type Parts = WholeParts;

function plan(fields: Partial<Parts>) {
  const report = planWhole({
    task: sampleTask(),
    rules: sampleRules(),
    outcome: sampleOutcome(),
    files: new Map(),
    hunks: new Map(),
    gate: { status: 'none', reasons: [], mayApprove: 'Nobody.' },
    facts: nothingAsked,
    ledgerHead: { seq: 12, hash: digestOf('row 12') },
    ...fields,
  });
  assertCheck(report.check);
  return report;
}

describe('the check of a review', () => {
  test('has a title of seven words at most, the worst first', () => {
    const all = ['error', 'error', 'warning', 'info'].map((severity) =>
      sampleFinding({ severity }),
    );
    const toolErrors = [
      { tool: 'ruff', message: 'x' },
      { tool: 'biome', message: 'y' },
    ];
    const titleOf = (outcome: Parts['outcome']) => plan({ outcome }).check.output.title;
    expect(titleOf(sampleOutcome({ findings: all }))).toBe('2 errors, 1 warning, 1 note');
    const { title, summary } = plan({ outcome: sampleOutcome({ findings: all, toolErrors }) }).check
      .output;
    expect(title).toBe('2 errors, 1 warning; 2 tools failed');
    expect(summary).toContain('**2 errors, 1 warning, 1 note; 2 tools failed.**');
  });

  test('says what was used and asked for', () => {
    const facts = {
      hosts: [
        { host: 'registry.example', allowed: 3, denied: 0, reason: null },
        { host: 'evil`@x', allowed: 0, denied: 2, reason: 'no-rule' },
        { host: 'both.example', allowed: 1, denied: 1, reason: 'bytes' },
      ],
      models: [
        {
          model: 'm-1',
          tokens: 1_234,
          costMicroUsd: 56_700,
          isEstimate: false,
          pricesAsOf: '2026-11-28',
        },
        { model: 'm-2', tokens: 1, costMicroUsd: 0, isEstimate: true, pricesAsOf: null },
      ],
      provider: {
        retried: 3,
        failed: 1,
        errors: ['529 overloaded_error', '401 `x'],
        refused: 2,
        categories: ['cyber'],
      },
      bytesUp: 2_000,
      bytesDown: 1,
    };
    const peaks = { ...noPeaks, memoryBytes: 3 * 1024 ** 2, pids: 7 };
    const { summary } = plan({ facts, outcome: sampleOutcome({ peaks }) }).check.output;
    const [, network = ''] = summary.split('### Network');
    expect(network).toContain('- 2 KiB out, 1 KiB in\n- `registry.example`: 3 allowed\n');
    expect(network).toContain('- ``evil`@x``: 2 denied (`no-rule`)\n');
    expect(network).toContain('- `both.example`: 1 allowed, 1 denied (`bytes`)\n');
    expect(summary).toContain('- Model `m-1`: 1234 tokens, $0.0567 by prices of 2026-11-28\n');
    expect(summary).toContain('- Model `m-2`: 1 token, $0.0000 without a price (estimated)\n');
    const why = '(`529 overloaded_error`, ``401 `x``)';
    expect(summary).toContain(`- Model provider: 3 requests tried again ${why}\n`);
    expect(summary).toContain(`- Model provider: 1 request failed ${why}\n`);
    expect(summary).toContain('- Model provider: 2 answers refused (`cyber`)\n');
    expect(summary).toMatch(/- At most: memory 3 MiB of \d+ MiB, processes 7 of \d+\n/);
  });

  test('says that nothing asked for the network, and nothing of what was not measured', () => {
    const { summary } = plan({ outcome: sampleOutcome({ peaks: noPeaks }) }).check.output;
    expect(summary).toContain('- Nothing in the sandbox asked for the network.\n');
    expect(summary).not.toContain('At most');
  });
});
