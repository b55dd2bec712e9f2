import { describe, expect, it } from 'vitest';
import { hasHiddenCharacters } from '../../../src/domain/hidden-characters.ts';
import type { JudgedFinding } from '../../../src/domain/second-opinion.ts';
import { laterStageLines } from '../../../src/report/later-stage-lines.ts';
import { renderLocal } from '../../../src/report/local.ts';
import type { LocalReport } from '../../../src/report/local-report.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const marks = { key: '0'.repeat(32), near: '1'.repeat(32), toolKey: null };
const passed = { name: 'build', exitCode: 0, signal: null, ms: 1, output: 'all of it' };
const failed = { name: 'test', exitCode: 2, signal: null, ms: 1, output: 'not ok\n::error::x\n' };

function judged(fields: Partial<JudgedFinding> = {}): JudgedFinding {
  const word = { verdict: 'refuted', action: 'dropped', reason: 'It is\u202e defined.' } as const;
  return { finding: sampleFinding(), marks, ...word, ...fields };
}

function opinionOf(...items: JudgedFinding[]) {
  return { opinions: { agent: 'codex', failure: null, items } };
}

function untried(reason: string | null) {
  return { verification: { status: 'not-run' as const, reason, commands: [] } };
}

function render(format: LocalReport['format']): string {
  const verification = { status: 'failed' as const, reason: null, commands: [passed, failed] };
  const confirmed = judged({ verdict: 'confirmed', action: 'kept', reason: '' });
  const outcome = sampleOutcome({ ...opinionOf(judged(), confirmed), verification });
  const sources = new Map<string, Uint8Array>();
  return renderLocal({ format, outcome, files: [], sources, gate: null, isColoured: false });
}

describe('a line of a later stage', () => {
  it('is there for each finding that was not confirmed, by place', () => {
    const whole = sampleFinding({ range: undefined, rule: 'E1' });
    const items = [
      judged(),
      judged({ verdict: 'confirmed', action: 'kept' }),
      judged({ finding: whole, verdict: 'unsure', action: 'downgraded', reason: ' ' }),
    ];
    expect(laterStageLines(opinionOf(...items))).toEqual([
      'second opinion: codex on ruff/E1 in src/a.py: unsure, downgraded',
      'second opinion: codex on ruff/F821 in src/a.py:3: refuted, dropped: It is[U+202E] defined.',
    ]);
  });

  it('says that every finding stands where nobody looked', () => {
    const opinions = { agent: 'codex', failure: 'result:no-report', items: [] };
    expect(laterStageLines({ opinions })).toEqual([
      'second opinion: codex did not look (result:no-report); every finding stands',
    ]);
  });

  it('is there for each command, with the end of what a failed one printed', () => {
    const commands = [
      passed,
      failed,
      { ...failed, exitCode: null, output: ' ' },
      { ...failed, signal: 'SIGKILL', output: '' },
    ];
    expect(laterStageLines({ verification: { status: 'failed', reason: null, commands } })).toEqual(
      [
        'verify: build passed',
        'verify: test failed with 2: not ok ::error::x',
        'verify: test failed with no code',
        'verify: test was ended by SIGKILL',
      ],
    );
  });

  it.each([
    [untried('limit:wall-clock'), 'verify: not tried (limit:wall-clock)'],
    [untried(null), 'verify: not tried (no result)'],
    [{ proof: { status: 'proven' as const, reason: null } }, 'proof: proven'],
    [
      { proof: { status: 'not-proven' as const, reason: 'they pass without it' } },
      'proof: not-proven (they pass without it)',
    ],
  ])('says of %j: %s', (said, line) => {
    expect(laterStageLines(said)).toEqual([line]);
  });
});

describe('a local report', () => {
  it('tells in text of what was dropped and what failed, and forges nothing', () => {
    const text = render('text');
    expect(text).toContain('ruff/F821 in src/a.py:3: refuted, dropped: It is[U+202E] defined.\n');
    expect(text).toContain('verify: test failed with 2: not ok');
    expect(text).not.toMatch(/^\s*::/m);
    expect(hasHiddenCharacters(text)).toBe(false);
    expect(text.endsWith('no findings (12.3 s)\n')).toBe(true);
  });

  it('has both in JSON', () => {
    expect(JSON.parse(render('json'))).toMatchObject({
      findings: [],
      opinions: {
        agent: 'codex',
        failure: null,
        judged: [
          { finding: { rule: 'F821' }, verdict: 'refuted', action: 'dropped' },
          { verdict: 'confirmed', action: 'kept' },
        ],
      },
      verification: { status: 'failed', commands: [{ name: 'build' }, { exitCode: 2 }] },
    });
  });

  it('has both as notifications in SARIF', () => {
    const log = JSON.parse(render('sarif')) as { runs: [{ invocations: [object] }] };
    expect(log.runs[0].invocations[0]).toMatchObject({
      toolExecutionNotifications: [
        { level: 'note', message: { text: expect.stringContaining('refuted, dropped') as string } },
        { level: 'note', message: { text: 'verify: build passed' } },
        { level: 'note', message: { text: expect.stringContaining('test failed') as string } },
      ],
    });
  });
});
