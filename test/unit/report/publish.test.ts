import { beforeEach, describe, expect, test } from 'vitest';
import { CommitSha } from '../../../src/domain/ids.ts';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import type { Report } from '../../../src/report/plan-report.ts';
import { planQueued } from '../../../src/report/plan-state.ts';
import { publishState, withoutReview } from '../../../src/report/publish.ts';
import { FakeGitHub } from '../../support/fakes/fake-github.ts';
import { FakeStepStore } from '../../support/fakes/fake-store.ts';
import { sampleTask } from '../../support/report/samples.ts';

const unshown = sampleTask({ checkRunId: null });
const shown = { status: 'shown' };
const refusal = (code: ErrorCode) => new SallyportError(code, 'planned');

let github: FakeGitHub;
let steps: FakeStepStore;

const report: Report = {
  check: {
    state: { status: 'completed', conclusion: 'failure' },
    output: { title: '1 error', summary: 'Summary' },
    annotations: [
      { path: 'f', startLine: 1, endLine: 1, level: 'failure', title: 't', message: 'm' },
    ],
    actions: [],
  },
  verdict: 'One error.',
  reviewBody: null,
  patchText: '### Patch',
};

beforeEach(async () => {
  github = new FakeGitHub();
  steps = new FakeStepStore();
  const { state, output } = planQueued(unshown);
  await github.checkRuns.create(unshown.repository, {
    name: 'sallyport',
    headSha: unshown.headSha,
    externalId: unshown.id,
    state,
    output,
  });
});

const run = () => [...github.runs.values()][0];

describe('publishState', () => {
  const state = () => publishState({ github, steps }, unshown, report.check);

  test('finds the check run that was made just before a crash', async () => {
    expect(await state()).toEqual(shown);
    expect(run()?.state).toEqual(report.check.state);
  });

  test('without a check run is refused as not found', async () => {
    const other = { ...unshown, headSha: CommitSha.parse('d'.repeat(40)) };
    expect(await publishState({ github, steps }, other, report.check)).toEqual({
      status: 'refused',
      code: 'github.not-found',
    });
  });

  test('a check that GitHub calls malformed is our fault and thrown', async () => {
    const error = refusal('github.rejected');
    github.faults.plan({ method: 'checkRuns.update', nth: 1, when: 'before', error });
    await expect(state()).rejects.toBe(error);
  });
});

test('a check whose comments GitHub did not take says so, and has the patch', () => {
  const told = withoutReview(report, 'github.rejected');
  expect(told.output.summary).toContain('did not take the inline suggestions (`github.rejected`)');
  expect(told.output.text).toBe('### Patch');
  expect(told.state).toEqual(report.check.state);
});
