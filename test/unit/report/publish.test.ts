import { beforeEach, describe, expect, test } from 'vitest';
import { CommitSha } from '../../../src/domain/ids.ts';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import { type Report, reviewMarker } from '../../../src/report/plan-report.ts';
import { planQueued } from '../../../src/report/plan-state.ts';
import { publishReport, publishState } from '../../../src/report/publish.ts';
import { FakeGitHub } from '../../support/fakes/fake-github.ts';
import { FakeStepStore } from '../../support/fakes/fake-store.ts';
import { sampleTask } from '../../support/report/samples.ts';

const unshown = sampleTask({ checkRunId: null });
const shown = { status: 'shown' };
const refusal = (code: ErrorCode) => new SallyportError(code, 'planned');

let github: FakeGitHub;
let steps: FakeStepStore;
let task: typeof unshown;

const report: Report = {
  check: {
    state: { status: 'completed', conclusion: 'failure' },
    output: { title: '1 error', summary: 'Summary' },
    annotations: [
      { path: 'f', startLine: 1, endLine: 1, level: 'failure', title: 't', message: 'm' },
    ],
    actions: [],
  },
  review: {
    body: `1 suggested change.\n\n${reviewMarker(unshown)}`,
    comments: [{ path: 'f', line: 1, body: 'b' }],
  },
  suggestionCount: 1,
  leftoverCount: 0,
  patchText: '### Patch',
};

beforeEach(async () => {
  github = new FakeGitHub();
  steps = new FakeStepStore();
  const { state, output } = planQueued(unshown);
  const checkRunId = await github.checkRuns.create(unshown.repository, {
    name: 'sallyport',
    headSha: unshown.headSha,
    externalId: unshown.id,
    state,
    output,
  });
  task = { ...unshown, checkRunId };
});

const publish = () => publishReport({ github, steps }, task, report);
const run = () => [...github.runs.values()][0];

describe('publishReport', () => {
  test('shows the check and posts the review', async () => {
    expect(await publish()).toEqual({ check: shown, review: shown });
    expect(run()).toMatchObject({ ...report.check });
    expect(github.reviews).toMatchObject([{ ...report.review, headSha: task.headSha, number: 7 }]);
  });

  test('again changes nothing', async () => {
    await publish();
    expect(await publish()).toEqual({ check: shown, review: shown });
    expect(github.reviews).toHaveLength(1);
    expect(run()?.annotations).toHaveLength(1);
  });

  test('without a review posts none', async () => {
    const published = await publishReport({ github, steps }, task, { ...report, review: null });
    expect(published).toEqual({ check: shown, review: null });
    expect(github.reviews).toEqual([]);
  });

  const crashes = [
    ['checkRuns.update', 'before'],
    ['checkRuns.update', 'after'],
    ['pullRequests.createReview', 'before'],
    ['pullRequests.createReview', 'after'],
  ] as const;

  test.each(crashes)(
    'tried again after %s failed %s its effect shows it once',
    async (method, when) => {
      github.faults.plan({ method, nth: 1, when });
      await expect(publish()).rejects.toMatchObject({ code: 'github.unavailable' });
      expect(await publish()).toEqual({ check: shown, review: shown });
      expect(github.reviews).toHaveLength(1);
      expect(run()?.annotations).toHaveLength(1);
    },
  );

  test.each(['before', 'after'] as const)(
    'tried again after the record failed %s being written shows it once',
    async (when) => {
      steps.faults.plan({
        method: 'steps.finish',
        nth: 1,
        when,
        error: refusal('store.unavailable'),
      });
      await expect(publish()).rejects.toMatchObject({ code: 'store.unavailable' });
      expect(await publish()).toEqual({ check: shown, review: shown });
      expect(github.reviews).toHaveLength(1);
    },
  );

  test('a review that cannot be looked for is not posted blindly', async () => {
    steps.faults.plan({ method: 'steps.finish', nth: 1, when: 'before' });
    await expect(publish()).rejects.toMatchObject({ code: 'github.unavailable' });
    github.faults.plan({ method: 'pullRequests.findReview', nth: 1, when: 'before' });
    await expect(publish()).rejects.toMatchObject({ code: 'github.unavailable' });
    expect(github.reviews).toHaveLength(1);
  });

  test.each(['github.forbidden', 'github.not-found', 'github.rejected'] as const)(
    'a review refused with %s is told in the check, with the patch, now and later',
    async (code) => {
      const fault = {
        method: 'pullRequests.createReview',
        nth: 1,
        when: 'before',
        error: refusal(code),
      } as const;
      github.faults.plan(fault);
      const expected = { check: shown, review: { status: 'refused', code } };
      expect(await publish()).toEqual(expected);
      expect(await publish()).toEqual(expected);
      expect(github.faults.count('pullRequests.createReview')).toBe(1);
      expect(run()?.output.summary).toContain(`did not take the inline suggestions (\`${code}\`)`);
      expect(run()?.output.text).toBe('### Patch');
      expect(run()?.state).toEqual(report.check.state);
    },
  );

  test('a check and a review that are both refused end there', async () => {
    for (const method of ['checkRuns.update', 'pullRequests.createReview']) {
      github.faults.plan({ method, nth: 1, when: 'before', error: refusal('github.forbidden') });
    }
    const refused = { status: 'refused', code: 'github.forbidden' };
    expect(await publish()).toEqual({ check: refused, review: refused });
    expect(github.faults.count('checkRuns.update')).toBe(1);
  });

  test('faults that are not from GitHub are thrown', async () => {
    const error = new TypeError('a fault of ours');
    github.faults.plan({ method: 'pullRequests.createReview', nth: 1, when: 'before', error });
    await expect(publish()).rejects.toBe(error);
  });
});

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
