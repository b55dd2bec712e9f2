import { describe, expect, it } from 'vitest';
import { keepRequesters } from '../../../src/approval/requesters.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import {
  checkOf,
  records,
  review,
  reviewed,
  shaOf,
  threads,
} from '../../support/fakes/review-scene.ts';
import { say } from '../../support/fakes/say.ts';
import { repository, type World } from '../../support/fakes/world.ts';

/** Says it in a thread of a review, and what the App answers there. */
async function sayIn(world: World, login: string, threadId: number, body: string): Promise<string> {
  await handleTrigger(world.context, { ...world.comment(login, body), threadId });
  return world.github.comments.findLast((one) => one.threadId === threadId)?.body ?? '';
}

/** Settles what was queued to be shown again. */
async function showQueued(world: World): Promise<void> {
  for (const { taskId } of world.publish.jobs.values()) await settleTask(world.context, taskId);
}

describe('/sallyport dismiss', () => {
  it('in the thread of a finding, by who may approve: hides it, resolves, and counts it no more', async () => {
    const { world, task, thread, id } = await reviewed();
    expect(checkOf(world, task).state).toMatchObject({ conclusion: 'failure' });
    const answer = await sayIn(world, 'maintainer', thread.commentId, '/sallyport dismiss');
    expect(answer).toContain(`Dismissed: \`ruff: F821\` in \`src/a.js\` (\`${id}\`).`);
    expect(answer).toContain('The check does not count it any more.');
    expect(threads(world)).toMatchObject([{ isResolved: true }]);
    await showQueued(world);
    expect(checkOf(world, task).state).toMatchObject({ conclusion: 'success' });
    const next = await review(world, 'second', { sha: shaOf('d') });
    expect(checkOf(world, next)).toMatchObject({
      annotations: [],
      state: { conclusion: 'success' },
    });
    expect(world.ledger.types()).toContain('finding.dismissed');
  });

  it('in the conversation takes the id', async () => {
    const { world, id } = await reviewed();
    expect(await say(world, 'maintainer', '/sallyport dismiss')).toContain('or with its id');
    expect(await say(world, 'maintainer', `/sallyport dismiss ${'0'.repeat(12)}`)).toContain(
      'There is no finding with this id',
    );
    expect(await say(world, 'maintainer', '/sallyport dismiss F821')).toContain(
      'was not understood',
    );
    expect(await records(world)).toMatchObject([{ state: 'open' }]);
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('Dismissed:');
    expect(await records(world)).toMatchObject([{ dismissal: { via: 'command', waives: true } }]);
  });

  it('by who may only start tasks hides it, and the check still counts it', async () => {
    const { world, task, id } = await reviewed((made) =>
      made.setRules('review', { approve: [{ permission: 'maintain' }] }),
    );
    expect(await say(world, 'contributor', `/sallyport dismiss ${id}`)).toContain(
      'still counts it',
    );
    expect(world.publish.jobs.size).toBe(0);
    const next = await review(world, 'second', { sha: shaOf('d') });
    expect(checkOf(world, next)).toMatchObject({
      annotations: [{ level: 'failure' }],
      state: { conclusion: 'failure' },
    });
    // Somebody who may approve still has the last word.
    await say(world, 'maintainer', `/sallyport dismiss ${id}`);
    await showQueued(world);
    expect(checkOf(world, next).state).toMatchObject({ conclusion: 'success' });
    expect(checkOf(world, task).state).toMatchObject({ conclusion: 'failure' });
  });

  it('by the author counts only where who asks may approve', async () => {
    const { world, id } = await reviewed((made) => {
      const { approvals } = rulesOf(made.policy.policy, 'review');
      made.setRules('review', { approvals: { ...approvals, requesterMayApprove: false } });
    });
    expect(await say(world, 'contributor', `/sallyport dismiss ${id}`)).toContain(
      'still counts it',
    );
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain(
      'not count it any',
    );
  });

  it.each([
    ['src/', 'not count it any'],
    ['docs/', 'still counts it'],
  ])('by who owns %s, of a finding in src/, where owners approve: %s', async (owned, answer) => {
    const { world, id } = await reviewed((made) =>
      made.setRules('review', { approve: [{ codeOwners: true }] }),
    );
    world.github.changed = ['src/a.js', 'docs/a.md'];
    const owners = `${owned} @contributor\n`;
    world.github.texts.set(`${repository.repositoryId}:main:.github/CODEOWNERS`, owners);
    expect(await say(world, 'contributor', `/sallyport dismiss ${id}`)).toContain(answer);
  });

  it('by who may start other tasks alone is refused', async () => {
    const { world, id } = await reviewed((made) => {
      const maintainers = [{ permission: 'maintain' } as const];
      made.setRules('review', { run: maintainers, approve: maintainers });
    });
    expect(await say(world, 'contributor', `/sallyport dismiss ${id}`)).toContain(
      'It takes `maintain` permission or more',
    );
    expect(await records(world)).toMatchObject([{ state: 'open' }]);
  });

  it('again by who may not approve takes nothing back', async () => {
    const { world, id } = await reviewed((made) =>
      made.setRules('review', { approve: [{ permission: 'maintain' }] }),
    );
    await say(world, 'maintainer', `/sallyport dismiss ${id}`);
    expect(await say(world, 'contributor', `/sallyport dismiss ${id}`)).toContain(
      'not count it any',
    );
    expect(await records(world)).toMatchObject([{ dismissal: { waives: true } }]);
  });

  it('by anybody else is refused', async () => {
    const { world, thread } = await reviewed();
    const answer = await sayIn(world, 'reader', thread.commentId, '/sallyport dismiss');
    expect(answer).toContain('It takes `write` permission or more');
    expect(await records(world)).toMatchObject([{ state: 'open' }]);
  });

  it('holds where the thread may not be resolved, and is tried again where GitHub is away', async () => {
    const { world, id } = await reviewed();
    world.github.reviewThreads.mayResolve = false;
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('Dismissed:');
    const rejected = new SallyportError('github.rejected', 'planned');
    world.github.faults.plan({
      method: 'reviewThreads.list',
      nth: 1,
      when: 'before',
      error: rejected,
    });
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('Dismissed:');
    const away = new SallyportError('github.unavailable', 'planned');
    world.github.faults.plan({ method: 'reviewThreads.list', nth: 1, when: 'before', error: away });
    const again = world.comment('maintainer', `/sallyport dismiss ${id}`);
    await expect(handleTrigger(world.context, again)).rejects.toBe(away);
    await handleTrigger(world.context, again);
    expect(await records(world)).toMatchObject([{ state: 'dismissed' }]);
  });

  it('is done where a task of another name comes first, and leaves a resolved thread as it is', async () => {
    const { world, thread, id } = await reviewed();
    world.github.reviewThreads.resolveBy(thread.commentId, { id: 9, login: 'someone' });
    const { tasks, ...policy } = world.policy.policy;
    const { review: first, ...others } = tasks;
    if (first === undefined) throw new Error('there is no review');
    world.policy = { ...world.policy, policy: { ...policy, tasks: { ...others, review: first } } };
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('Dismissed:');
    expect(threads(world)).toMatchObject([{ resolvedBy: 'someone' }]);
  });

  it('counts while the finding is what it was, in the lines that it was in', async () => {
    const { world, id } = await reviewed();
    await say(world, 'maintainer', `/sallyport dismiss ${id}`);
    const marks = [{ ...(await records(world))[0]?.marks, near: 'f'.repeat(32) } as never];
    const moved = await review(world, 'second', { sha: shaOf('d'), marks });
    expect(checkOf(world, moved)).toMatchObject({
      annotations: [{ level: 'failure' }],
      state: { conclusion: 'failure' },
    });
    expect(threads(world)).toHaveLength(1);
    // Said again, it is of what is there now.
    await say(world, 'maintainer', `/sallyport dismiss ${id}`);
    const next = await review(world, 'third', { sha: shaOf('e'), marks });
    expect(checkOf(world, next)).toMatchObject({
      annotations: [],
      state: { conclusion: 'success' },
    });
  });

  it('by one person counts nowhere where a patch takes two, or the owner of the file', async () => {
    const { world, id } = await reviewed();
    const { approvals } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { approvals: { ...approvals, count: 2 } });
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('still counts it');
    world.setRules('review', { approvals: { ...approvals, codeOwners: true } });
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('still counts it');
    world.setRules('review', { approvals });
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain(
      'not count it any',
    );
  });

  it('by who asked for the review counts only where who asks may approve', async () => {
    const { world, id, task } = await reviewed();
    const { approvals } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { approvals: { ...approvals, requesterMayApprove: false } });
    await keepRequesters(world.store, task.id, {
      ...task,
      requestedBy: world.person('maintainer'),
    });
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain('still counts it');
  });

  it('is open to who may approve and start nothing', async () => {
    const { world, id } = await reviewed();
    const { policy } = world.policy;
    world.policy = { ...world.policy, policy: { ...policy, run: [{ users: ['nobody'] }] } };
    expect(await say(world, 'maintainer', `/sallyport dismiss ${id}`)).toContain(
      'not count it any',
    );
  });
});
