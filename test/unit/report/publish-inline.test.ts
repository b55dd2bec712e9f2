import { beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import { findingMarker } from '../../../src/report/inline/marker.ts';
import { nothingInline, type PublishPlan } from '../../../src/report/inline/publish-plan.ts';
import type { Upkeep } from '../../../src/report/inline/upkeep.ts';
import { reviewMarker } from '../../../src/report/plan-report.ts';
import { publishInline } from '../../../src/report/publish-inline.ts';
import { FakeGitHub } from '../../support/fakes/fake-github.ts';
import { FakeStepStore } from '../../support/fakes/fake-store.ts';
import { sampleTask } from '../../support/report/samples.ts';

const task = sampleTask();
const shown = { status: 'shown' };
const refusal = (code: ErrorCode) => new SallyportError(code, 'planned');

let github: FakeGitHub;
let steps: FakeStepStore;

beforeEach(() => {
  github = new FakeGitHub();
  steps = new FakeStepStore();
});

const threads = () => github.reviewThreads.list(task.repository, task.pullRequest);

/** Three threads of an earlier review, and what is to be done to each. */
async function threadsBefore(): Promise<Upkeep[]> {
  const comments = ['one', 'two', 'three'].map((text) => ({ path: 'f', line: 1, body: text }));
  const { repository, pullRequest, headSha } = task;
  await github.pullRequests.createReview(repository, pullRequest, {
    headSha,
    body: 'old',
    comments,
  });
  const [one, two, three] = await threads();
  if (one === undefined || two === undefined || three === undefined) throw new Error('no threads');
  await github.reviewThreads.resolve(repository, two.threadId);
  return [
    { ...idsOf(one), body: 'said', move: 'resolve-or-fold' },
    { ...idsOf(two), body: null, move: 'unresolve' },
    { ...idsOf(three), body: null, move: 'minimise' },
  ];
}

function idsOf({
  threadId,
  commentId,
  commentNodeId,
}: Awaited<ReturnType<typeof threads>>[number]) {
  return { id: 'c'.repeat(12), threadId, commentId, commentNodeId };
}

const plan: PublishPlan = {
  ...nothingInline,
  comments: [
    { id: 'a'.repeat(12), path: 'f', startLine: 1, line: 2, body: 'b' },
    { id: 'c'.repeat(12), path: 'f', line: 3, body: 'c' },
  ],
  fileComments: [{ id: 'b'.repeat(12), path: 'g', body: `${findingMarker('b'.repeat(12))}\n\nx` }],
  suggestions: 1,
};
const body = `1 suggested change.\n\n${reviewMarker(task)}`;
const publish = (given: PublishPlan = plan) =>
  publishInline({ github, steps }, task, { plan: given, body });
const done = { review: shown, refused: [] };

describe('publishInline', () => {
  test('posts the review and the comments on files', async () => {
    expect(await publish()).toEqual(done);
    expect(github.reviews).toMatchObject([
      {
        body,
        headSha: task.headSha,
        number: 7,
        comments: [
          { path: 'f', startLine: 1, line: 2, body: 'b' },
          { path: 'f', line: 3, body: 'c' },
        ],
      },
    ]);
    expect((await threads()).map((one) => one.body)).toEqual([
      'b',
      'c',
      plan.fileComments[0]?.body,
    ]);
  });

  test('again changes nothing', async () => {
    await publish();
    expect(await publish()).toEqual(done);
    expect(github.reviews).toHaveLength(1);
    expect(await threads()).toHaveLength(3);
  });

  test('without a review posts none', async () => {
    const published = await publishInline({ github, steps }, task, {
      plan: nothingInline,
      body: null,
    });
    expect(published).toEqual({ review: null, refused: [] });
    expect(github.reviews).toEqual([]);
  });

  const effects = [
    'pullRequests.createReview',
    'reviewThreads.commentOnFile',
    'conversations.update',
    'reviewThreads.resolve',
    'reviewThreads.unresolve',
    'reviewThreads.minimise',
    'steps.begin',
    'steps.finish',
    'steps.keep',
    'steps.find',
  ];
  const crashes = effects.flatMap((method) => [
    [method, 'before'] as const,
    [method, 'after'] as const,
  ]);

  test.each(crashes)(
    'tried again after %s failed %s its effect shows it once',
    async (...fault) => {
      const [method, when] = fault;
      const old = await threadsBefore();
      const full = { ...plan, upkeep: old };
      const faults = method.startsWith('steps.') ? steps.faults : github.faults;
      faults.plan({ method, nth: 1, when });
      await expect(publish(full)).rejects.toMatchObject({ code: 'github.unavailable' });
      expect(await publish(full)).toEqual(done);
      expect(github.reviews).toHaveLength(2);
      const now = await threads();
      expect(now).toHaveLength(6);
      expect(now.map((one) => [one.isResolved, one.isMinimised])).toEqual([
        [true, false],
        [false, false],
        [false, true],
        [false, false],
        [false, false],
        [false, false],
      ]);
      expect(now[0]?.body).toBe('said');
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
    'a review refused with %s is told, now and later, and asked for once',
    async (code) => {
      github.faults.plan({
        method: 'pullRequests.createReview',
        nth: 1,
        when: 'before',
        error: refusal(code),
      });
      const expected = {
        review: { status: 'refused', code },
        refused: ['a'.repeat(12), 'c'.repeat(12)],
      };
      expect(await publish()).toEqual(expected);
      expect(await publish()).toEqual(expected);
      expect(github.faults.count('pullRequests.createReview')).toBe(1);
    },
  );

  test.each(['github.rejected', 'output.secret'] as const)(
    'a comment on a file that is refused with %s is told, and the rest goes on',
    async (code) => {
      const error = refusal(code);
      github.faults.plan({ method: 'reviewThreads.commentOnFile', nth: 1, when: 'before', error });
      const [first] = await threadsBefore();
      const given = { ...plan, upkeep: first === undefined ? [] : [first] };
      expect(await publish(given)).toEqual({ review: shown, refused: ['b'.repeat(12)] });
      expect((await threads())[0]).toMatchObject({ isResolved: true });
    },
  );

  test('a comment that is written anew moves its thread nowhere', async () => {
    const [first] = await threadsBefore();
    if (first === undefined) throw new Error('no thread');
    await publish({ ...nothingInline, upkeep: [{ ...first, move: 'nothing' }] });
    expect(await threads()).toMatchObject([{ isResolved: false, body: 'said' }, {}, {}]);
  });

  test('a thread that may not be resolved is folded away', async () => {
    const error = refusal('github.forbidden');
    const [first] = await threadsBefore();
    github.faults.plan({ method: 'reviewThreads.resolve', nth: 1, when: 'before', error });
    await publish({ ...nothingInline, upkeep: first === undefined ? [] : [first] });
    expect(await threads()).toMatchObject([{ isResolved: false, isMinimised: true }, {}, {}]);
  });

  test('one in which people talk is not', async () => {
    const [first] = await threadsBefore();
    github.reviewThreads.mayResolve = false;
    const upkeep = first === undefined ? [] : [{ ...first, move: 'resolve' as const }];
    await publish({ ...nothingInline, upkeep });
    expect(await threads()).toMatchObject([
      { body: 'said', isResolved: false, isMinimised: false },
      {},
      {},
    ]);
  });

  test('one that may not be opened again keeps its word', async () => {
    const [, second] = await threadsBefore();
    github.reviewThreads.mayResolve = false;
    const upkeep = second === undefined ? [] : [{ ...second, body: 'no word' }];
    await publish({ ...nothingInline, upkeep });
    expect(await threads()).toMatchObject([{}, { body: 'two', isResolved: true }, {}]);
  });

  test.each(['github.forbidden', 'github.not-found', 'github.rejected'] as const)(
    'a thread whose every change is refused with %s is left alone',
    async (code) => {
      const upkeep = await threadsBefore();
      for (const method of [
        'conversations.update',
        'reviewThreads.minimise',
        'reviewThreads.resolve',
        'reviewThreads.unresolve',
      ]) {
        for (const nth of [1, 2, 3])
          github.faults.plan({ method, nth, when: 'before', error: refusal(code) });
      }
      expect(await publish({ ...nothingInline, upkeep })).toMatchObject({ refused: [] });
    },
  );

  test('faults that are not from GitHub are thrown', async () => {
    const error = new TypeError('a fault of ours');
    github.faults.plan({ method: 'pullRequests.createReview', nth: 1, when: 'before', error });
    await expect(publish()).rejects.toBe(error);
    const upkeep = await threadsBefore();
    github.faults.plan({ method: 'reviewThreads.resolve', nth: 1, when: 'before', error });
    await expect(publish({ ...nothingInline, upkeep })).rejects.toBe(error);
  });
});
