import { describe, expect, test } from 'vitest';
import type { Task } from '../../../src/domain/task.ts';
import { conclude, rankOf } from '../../../src/report/conclude.ts';
import { describeEnding } from '../../../src/report/describe-ending.ts';
import {
  sampleFinding,
  sampleOutcome,
  samplePolicy,
  sampleTask,
} from '../../support/report/samples.ts';

const policyWith = (conclusion: Partial<ReturnType<typeof samplePolicy>['conclusion']>) => ({
  ...samplePolicy(),
  conclusion: { ...samplePolicy().conclusion, ...conclusion },
});
const toolErrors = [{ tool: 'ruff', message: 'no such file' }];
const finding = (severity: string) => [sampleFinding({ severity })];

describe('conclude', () => {
  test.each([
    ['nothing found', {}, {}, 'success'],
    ['an error fails at error', { findings: finding('error') }, {}, 'failure'],
    ['a warning passes at error', { findings: finding('warning') }, {}, 'success'],
    [
      'a warning fails at warning',
      { findings: finding('warning') },
      { failOn: 'warning' },
      'failure',
    ],
    ['a note passes at warning', { findings: finding('info') }, { failOn: 'warning' }, 'success'],
    ['a note fails at info', { findings: finding('info') }, { failOn: 'info' }, 'failure'],
    ['never', { findings: finding('error') }, { failOn: 'never' }, 'success'],
    ['a tool that could not run may have been stopped by the code', { toolErrors }, {}, 'failure'],
    ['findings outweigh a broken tool', { toolErrors, findings: finding('error') }, {}, 'failure'],
    ['a broken tool under never', { toolErrors }, { failOn: 'never' }, 'neutral'],
  ] as const)('%s', (...[, fields, conclusion, expected]) => {
    expect(conclude(policyWith(conclusion), sampleOutcome(fields))).toBe(expected);
  });

  test('errors rank first', () => {
    expect(
      (['info', 'error', 'warning'] as const).toSorted((a, b) => rankOf(a) - rankOf(b)),
    ).toEqual(['error', 'warning', 'info']);
  });
});

describe('describeEnding', () => {
  const passes = ['success', 'neutral', 'skipped'];

  test.each([
    ['timed-out', 'limit:wall-clock', 'timed_out', 'Time limit reached'],
    ['timed-out', null, 'timed_out', 'Time limit reached'],
    ['failed', 'limit:memory', 'failure', 'Memory limit reached'],
    ['failed', 'limit:pids', 'failure', 'Process limit reached'],
    ['failed', 'limit:disk', 'failure', 'Disk limit reached'],
    ['failed', 'limit:output', 'failure', 'Output limit reached'],
    ['failed', 'limit:result-size', 'failure', 'Result too large'],
    ['failed', 'limit:result-files', 'failure', 'Too many changed files'],
    ['failed', 'limit:findings', 'failure', 'Too many findings'],
    ['failed', 'limit:model-cost', 'failure', 'Model limit reached'],
    ['failed', 'budget:perRepository.tokens', 'failure', 'Model budget used up'],
    ['failed', 'budget:tasks.fix.perTask.requests', 'failure', 'Model budget used up'],
    ['failed', 'limit:x', 'failure', 'Limit reached'],
    ['failed', 'result:malformed', 'failure', 'Agent left no valid result'],
    ['failed', 'sandbox:ended-early', 'failure', 'Sandbox ended early'],
    ['failed', 'wire.failed', 'failure', 'Sandbox broke off'],
    ['failed', 'engine.failed', 'neutral', 'Sandbox could not start'],
    ['failed', 'git.failed', 'failure', 'Repository could not be fetched'],
    ['failed', 'runner:lost', 'failure', 'Runner was lost twice'],
    ['failed', 'input.too-large', 'failure', 'Repository too large'],
    ['failed', 'internal', 'neutral', 'Sallyport failed, not the code'],
    ['failed', null, 'neutral', 'Sallyport failed, not the code'],
    ['superseded', 'superseded by t1', 'cancelled', 'Superseded by a newer task'],
    ['superseded', 'approval:void: the head moved', 'cancelled', 'Approval did not hold'],
    ['cancelled', 'gate:run:rejected', 'cancelled', 'Run not approved'],
    ['cancelled', 'gate:write:rejected', 'neutral', 'Patch rejected'],
    ['cancelled', 'pull-request:closed', 'cancelled', 'Pull request closed'],
    ['cancelled', null, 'cancelled', 'Cancelled'],
  ] as const)('%s, %s: %s', (...[state, reason, conclusion, title]) => {
    const ending = describeEnding(sampleTask({ state, reason }), samplePolicy());
    expect([ending.conclusion, ending.title]).toEqual([conclusion, title]);
    expect(ending.advice).toMatch(/^[A-Z].*\.$/);
  });

  test.each([
    'limit:wall-clock',
    'limit:x',
    'input.too-large',
    'git.failed',
    'runner:lost',
    'result:no-report',
    'wire.failed',
    'sandbox:ended-early',
  ])('the code under review cannot pass a required check by %s', (reason) => {
    for (const state of ['failed', 'timed-out'] satisfies Task['state'][]) {
      const { conclusion } = describeEnding(sampleTask({ state, reason }), samplePolicy());
      expect(passes).not.toContain(conclusion);
    }
  });

  test.each(['gate:write:rejected', 'gate:write:expired'])(
    'what was found does not pass because its patch was dropped: %s',
    (reason) => {
      const task = sampleTask({ state: 'cancelled', reason });
      const found = sampleOutcome({ findings: [sampleFinding()] });
      expect(describeEnding(task, samplePolicy(), found).conclusion).toBe('failure');
      const never = policyWith({ failOn: 'never' });
      expect(describeEnding(task, never, found).conclusion).toBe('neutral');
      const other = { ...task, reason: 'gate:run:rejected' };
      expect(describeEnding(other, samplePolicy(), found).conclusion).toBe('cancelled');
    },
  );

  test('the policy may fail the check for failures of Sallyport', () => {
    const task = sampleTask({ state: 'failed', reason: 'engine.failed' });
    expect(describeEnding(task, policyWith({ ownFailure: 'failure' })).conclusion).toBe('failure');
  });
});
