import { describe, expect, it } from 'vitest';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import { Postponed } from '../../../src/ports/queue.ts';
import { storedNow } from '../../support/fakes/fix-scene.ts';
import {
  checkOf,
  records,
  review,
  reviewed,
  shaOf,
  threads,
} from '../../support/fakes/review-scene.ts';
import { repository, World } from '../../support/fakes/world.ts';

describe('the next review of a pull request', () => {
  it('says nothing again that is still there', async () => {
    const { world } = await reviewed();
    await review(world, 'second', { sha: shaOf('d') });
    expect([threads(world).length, world.github.reviews.length]).toEqual([1, 1]);
    expect(await records(world)).toHaveLength(1);
  });

  it('closes the thread of what is gone, with a word', async () => {
    const { world, thread } = await reviewed();
    await review(world, 'second', { sha: shaOf('d'), files: {}, findings: [] });
    expect(threads(world)).toMatchObject([{ isResolved: true, commentId: thread.commentId }]);
    expect(threads(world)[0]?.body).toContain('**Fixed** in `ddddddd`.');
    expect(await records(world)).toMatchObject([{ state: 'fixed' }]);
  });

  it('opens it again when that comes back, and takes nobody to have dismissed it', async () => {
    const { world } = await reviewed();
    await review(world, 'second', { sha: shaOf('d'), files: {}, findings: [] });
    await review(world, 'third', { sha: shaOf('e') });
    expect(threads(world)).toMatchObject([{ isResolved: false }]);
    expect(threads(world)[0]?.body).not.toContain('**Fixed**');
    await review(world, 'fourth', { sha: shaOf('f') });
    expect(await records(world)).toMatchObject([{ state: 'open' }]);
  });

  it('counts as dismissed what a person resolved, and still holds it against the head', async () => {
    const { world, thread } = await reviewed();
    world.github.reviewThreads.resolveBy(thread.commentId, { id: 5, login: 'contributor' });
    const task = await review(world, 'second', { sha: shaOf('d') });
    expect(await records(world)).toMatchObject([
      { state: 'dismissed', dismissal: { byId: 5, via: 'resolved', waives: false } },
    ]);
    expect(checkOf(world, task)).toMatchObject({
      annotations: [{ level: 'failure' }],
      state: { conclusion: 'failure' },
    });
    await review(world, 'third', { sha: shaOf('e'), files: {}, findings: [] });
    await review(world, 'fourth', { sha: shaOf('f') });
    expect(threads(world)).toHaveLength(1);
    expect(world.ledger.types().filter((type) => type === 'finding.dismissed')).toHaveLength(1);
  });

  it('tells the ledger of what a person dismissed, also when the ledger was away at first', async () => {
    const { world, thread } = await reviewed();
    world.github.reviewThreads.resolveBy(thread.commentId, { id: 5, login: 'contributor' });
    const append = world.ledger.append.bind(world.ledger);
    world.ledger.append = async (event) => {
      if (event.type !== 'finding.dismissed') return append(event);
      world.ledger.append = append;
      throw new SallyportError('store.unavailable', 'planned');
    };
    await expect(review(world, 'second', { sha: shaOf('d') })).rejects.toThrow('planned');
    const [task] = await world.store.tasks.unconcluded(1);
    if (task === undefined) throw new Error('there is no task');
    await settleTask(world.context, task.id);
    expect(await records(world)).toMatchObject([{ state: 'dismissed' }]);
    expect(world.ledger.types()).toContain('finding.dismissed');
  });

  it.each([
    ['contributor', 'dismissed'],
    ['maintainer', 'dismissed'],
    ['reader', 'open'],
    ['stranger', 'open'],
  ] as const)('takes a 👎 of %s: %s', async (login, state) => {
    const { world, thread } = await reviewed();
    const { id } = world.person(login);
    world.github.reviewThreads.dislike(thread.commentId, { id, login });
    await review(world, 'second', { sha: shaOf('d') });
    expect(await records(world)).toMatchObject([{ state }]);
  });

  it('goes by the author of the pull request whatever they may do, and asks of each person once', async () => {
    const world = new World();
    world.setPull({ authorLogin: 'reader' });
    await review(world, 'first');
    const [thread] = threads(world);
    for (const login of ['stranger', 'reader']) {
      const { id } = world.person(login);
      world.github.reviewThreads.dislike(thread?.commentId ?? 0, { id, login });
    }
    await review(world, 'second', { sha: shaOf('d') });
    expect(await records(world)).toMatchObject([{ dismissal: { via: 'thumbs-down' } }]);
  });

  it('is planned without threads where they may not be read, and not where GitHub is away', async () => {
    const { world } = await reviewed();
    const fail = (code: ErrorCode) =>
      world.github.faults.plan({
        method: 'reviewThreads.list',
        nth: 1,
        when: 'before',
        error: new SallyportError(code, 'planned'),
      });
    fail('github.forbidden');
    await review(world, 'second', { sha: shaOf('d') });
    expect(threads(world)).toHaveLength(1);
    fail('github.unavailable');
    await expect(review(world, 'third', { sha: shaOf('e') })).rejects.toThrow('planned');
    const error = new TypeError('a fault of ours');
    world.github.faults.plan({ method: 'reviewThreads.list', nth: 1, when: 'before', error });
    await expect(review(world, 'fourth', { sha: shaOf('f') })).rejects.toBe(error);
  });
});

describe('a plan', () => {
  it('is kept: what people do meanwhile changes nothing of it', async () => {
    const world = new World();
    const fault = { method: 'pullRequests.createReview', nth: 1, when: 'after' } as const;
    world.github.faults.plan(fault);
    await expect(review(world, 'first')).rejects.toThrow('planned');
    const [thread] = threads(world);
    world.github.reviewThreads.resolveBy(thread?.commentId ?? 0, { id: 5, login: 'contributor' });
    const [task] = await world.store.tasks.unconcluded(1);
    if (task === undefined) throw new Error('there is no task');
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ checkConcluded: true });
    expect(await records(world)).toMatchObject([{ state: 'open' }]);
    expect(threads(world)).toHaveLength(1);
  });

  it.each(['{}', 'no JSON', null])('that is not one (%s) is said to be corrupt', async (text) => {
    const { world, task } = await reviewed();
    const bytes = Buffer.from(text ?? '');
    await world.store.artifacts.put(bytes);
    const reference = text === null ? 'no digest' : digestOf(bytes);
    await world.store.steps.finish(task.id, 'plan', reference);
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done' });
    expect(JSON.stringify(checkOf(world, task).output)).toContain('store.corrupt');
  });

  it('waits for the one publisher of the installation that is at work, once the check is concluded', async () => {
    const world = new World();
    const busy = Promise.withResolvers<void>();
    const held = world.turns.tryTake(`publish ${repository.installationId}`, () => busy.promise);
    await expect(review(world, 'first')).rejects.toBeInstanceOf(Postponed);
    const [task] = await world.store.tasks.unconcluded(1);
    if (task === undefined) throw new Error('there is no task');
    expect(checkOf(world, task).state).toMatchObject({ conclusion: 'failure' });
    expect(world.github.reviews).toEqual([]);
    busy.resolve();
    await held;
    await settleTask(world.context, task.id);
    expect(world.github.reviews).toHaveLength(1);
  });

  it('is carried out by no process that stood still and lost its turn', async () => {
    const world = new World();
    const name = `publish ${repository.installationId}`;
    const { leases, steps } = world.store;
    const begin = steps.begin.bind(steps);
    steps.begin = async (...step) => {
      leases.rows.set(name, { holder: 'another', untilMs: world.clock.nowMs() + 60_000 });
      return begin(...step);
    };
    await expect(review(world, 'first')).rejects.toBeInstanceOf(Postponed);
    expect(world.github.reviews).toEqual([]);
    steps.begin = begin;
    leases.rows.delete(name);
    const [task] = await world.store.tasks.unconcluded(1);
    if (task === undefined) throw new Error('there is no task');
    await settleTask(world.context, task.id);
    expect(world.github.reviews).toHaveLength(1);
  });

  it('that cannot be made while GitHub is away does not hold up the check', async () => {
    const world = new World();
    world.github.faults.plan({ method: 'reviewThreads.list', nth: 1, when: 'before' });
    await expect(review(world, 'first')).rejects.toThrow('planned');
    const [task] = await world.store.tasks.unconcluded(1);
    if (task === undefined) throw new Error('there is no task');
    expect(checkOf(world, task).state).toMatchObject({ conclusion: 'failure' });
    await settleTask(world.context, task.id);
    expect(world.github.reviews).toHaveLength(1);
    expect(checkOf(world, task).annotations).toHaveLength(1);
  });

  it('whose review GitHub refuses leaves its findings to another time', async () => {
    const world = new World();
    const error = new SallyportError('github.rejected', 'planned');
    world.github.faults.plan({
      method: 'pullRequests.createReview',
      nth: 1,
      when: 'before',
      error,
    });
    const task = await review(world, 'first');
    expect(await records(world)).toMatchObject([{ place: 'check' }]);
    expect(checkOf(world, task).output.summary).toContain('did not take the inline suggestions');
    await review(world, 'second', { sha: shaOf('d') });
    expect(await records(world)).toMatchObject([{ place: 'inline' }]);
    // Shown again, it does not take away the place that the newer one found.
    await settleTask(world.context, task.id);
    await review(world, 'third', { sha: shaOf('e') });
    expect(threads(world)).toHaveLength(1);
  });
});

describe('a summary in the conversation', () => {
  it('is there where the policy asks for it, one for all pushes', async () => {
    const world = new World();
    await review(world, 'first');
    expect(world.github.comments).toEqual([]);
    const { review: rules } = world.policy.policy.tasks['review'] ?? {};
    if (rules === undefined) throw new Error('there is no review');
    world.setRules('review', { review: { ...rules, summaryComment: 'sticky' } });
    const second = await review(world, 'second', { sha: shaOf('d') });
    await world.clock.advance(1_000);
    await review(world, 'third', { sha: shaOf('e'), findings: [], files: {} });
    // Shown again, an older review does not take the place of the newest.
    await settleTask(world.context, second.id);
    expect(world.github.comments).toHaveLength(1);
    expect(world.github.comments[0]?.body).toContain('**review** at `eeeeeee`: **No findings.**');
    expect(world.github.comments[0]?.body).not.toContain('ddddddd');
  });

  it('that a locked conversation refuses keeps nothing from the check', async () => {
    const world = new World();
    const { review: rules } = world.policy.policy.tasks['review'] ?? {};
    if (rules === undefined) throw new Error('there is no review');
    world.setRules('review', { review: { ...rules, summaryComment: 'sticky' } });
    const error = new SallyportError('github.forbidden', 'planned');
    world.github.faults.plan({ method: 'conversations.comment', nth: 1, when: 'before', error });
    const task = await review(world, 'first');
    expect(await storedNow(world, task)).toMatchObject({ checkConcluded: true });
  });
});
