import { describe, expect, it } from 'vitest';
import { trialRows, trialSentence } from '../../../src/report/trial-words.ts';

const passed = { name: 'build', exitCode: 0, signal: null, ms: 1_240, output: 'all of it' };
const failed = {
  name: 'test',
  exitCode: 2,
  signal: null,
  ms: 900,
  output: 'not ok\n@octocat `x`\n',
};

describe('trialSentence', () => {
  it.each([
    [{}, ''],
    [
      { verification: { status: 'passed', reason: null, commands: [passed] } },
      ' Tried with the patch: 1 command passed.',
    ],
    [
      { verification: { status: 'failed', reason: null, commands: [passed, failed] } },
      ' Tried with the patch: 1 command of 2 failed.',
    ],
    [
      { verification: { status: 'not-run', reason: 'limit:wall-clock', commands: [] } },
      ' The patch could not be tried: limit:wall-clock.',
    ],
    [
      { verification: { status: 'not-run', reason: null, commands: [] } },
      ' The patch could not be tried: no result.',
    ],
    [
      { proof: { status: 'proven', reason: null } },
      ' The tests fail without the change and pass with it.',
    ],
    [
      { proof: { status: 'not-proven', reason: 'they pass without it' } },
      ' The tests are not offered: they pass without it.',
    ],
    [
      { proof: { status: 'cannot-tell', reason: null } },
      ' Whether the tests fail without the change cannot be told: no result.',
    ],
  ] as const)('says of %j: %s', (trials, words) => {
    expect(trialSentence(structuredClone(trials) as Parameters<typeof trialSentence>[0])).toBe(
      words,
    );
  });
});

describe('trialRows', () => {
  it('has a row for each command, with the end of what a failed one printed as code', () => {
    const verification = { status: 'failed', reason: null, commands: [passed, failed] } as const;
    expect(trialRows({ verification: structuredClone(verification) as never })).toEqual([
      '`build` passed after 1.2 s',
      '`test` failed with 2 after 0.9 s: `` not ok @octocat `x` ``',
    ]);
  });

  it('says by what signal a command ended, and nothing of silence', () => {
    const commands = [
      { ...failed, exitCode: null, signal: 'SIGKILL', output: ' ' },
      { ...failed, exitCode: null, output: 'x'.repeat(900) },
    ];
    const rows = trialRows({ verification: { status: 'failed', reason: null, commands } });
    expect(rows[0]).toBe('`test` was ended by `SIGKILL` after 0.9 s');
    expect(rows[1]).toMatch(/^`test` failed with no code after 0\.9 s: `… x{800}`$/);
  });

  it('has none where nothing was tried', () => {
    expect(trialRows({})).toEqual([]);
  });
});
