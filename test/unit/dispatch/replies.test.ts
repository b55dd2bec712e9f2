import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { maxReplies, repliesBody } from '../../../src/dispatch/replies-body.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { World } from '../../support/fakes/world.ts';

const help = '/sallyport help';
const status = '/sallyport status';

function bodyOf(world: World): string {
  return world.github.comments.map((comment) => comment.body).join('\n=====\n');
}

/** A world in which a review of the App's has a thread, and one of somebody else's. */
function worldWithThreads(): World {
  const world = new World();
  world.github.said.set(70, {
    body: 'Look here.',
    updatedAt: new Date(0).toISOString(),
    isOwn: true,
    isMember: false,
  });
  world.github.said.set(71, { body: 'I think so.', updatedAt: '', isOwn: false, isMember: false });
  return world;
}

describe('answers', () => {
  it('stand in one comment, the newest on top and the others folded', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', help));
    await handleTrigger(world.context, world.comment('maintainer', status));
    expect(world.github.comments).toHaveLength(1);
    const [top, folded] = bodyOf(world).split('<details>');
    expect(top).toContain('To [this comment](#issuecomment-502)');
    expect(top).toContain('No task has been planned here.');
    expect(folded).toContain('1 earlier answer<');
    expect(folded).toContain('#issuecomment-501');
  });

  it.each(['before', 'after'] as const)(
    'are shown once when GitHub fails %s the comment was written anew',
    async (when) => {
      const world = new World();
      await handleTrigger(world.context, world.comment('maintainer', help));
      world.github.faults.plan({ method: 'conversations.update', nth: 1, when });
      const trigger = world.comment('maintainer', status);
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
      await handleTrigger(world.context, trigger);
      expect(world.github.comments).toHaveLength(1);
      expect(bodyOf(world).match(/No task has been planned/g)).toHaveLength(1);
    },
  );

  it('are made anew, all of them, where somebody deleted the comment', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', help));
    world.github.comments.length = 0;
    await handleTrigger(world.context, world.comment('maintainer', status));
    await handleTrigger(world.context, world.comment('maintainer', status));
    expect(world.github.comments).toHaveLength(1);
    expect(bodyOf(world)).toContain('2 earlier answers');
  });

  it('find the comment that was made before a crash, also after a deletion', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', help));
    world.github.comments.length = 0;
    world.github.faults.plan({ method: 'conversations.comment', nth: 1, when: 'after' });
    const trigger = world.comment('maintainer', status);
    await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
    await handleTrigger(world.context, trigger);
    expect(world.github.comments).toHaveLength(1);
  });

  it('never touch the comment of somebody else, whatever the record says', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', help));
    const [own] = world.github.comments.splice(0);
    if (own === undefined) throw new Error('nothing was answered');
    world.github.said.set(own.id, { body: own.body, updatedAt: '', isOwn: false, isMember: false });
    await handleTrigger(world.context, world.comment('maintainer', status));
    expect(world.github.said.get(own.id)?.body).toBe(own.body);
    expect(world.github.comments).toHaveLength(1);
  });

  it('to several people at once all come through', async () => {
    const world = new World();
    const triggers = ['maintainer', 'contributor', 'reader', 'stranger'].map((login) =>
      world.comment(login, help),
    );
    await Promise.all(triggers.map((trigger) => handleTrigger(world.context, trigger)));
    expect(world.github.comments).toHaveLength(1);
    expect(bodyOf(world)).toContain('3 earlier answers');
  });
});

describe('the one comment', () => {
  const thread = taskIdFor('a', 'thread');
  const replies = (count: number, text: string) =>
    Array.from({ length: count }, (_, index) => ({ key: taskIdFor(`${index}`, 'reply'), text }));

  it('stays within what GitHub takes, and keeps its mark', () => {
    const body = repliesBody(thread, replies(maxReplies, `${'x'.repeat(990)}\n\n`.repeat(30)));
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('9 earlier answers<');
    expect(body).toContain('… and 7 answers before, too long to show here.');
    expect(body).toContain('more parts, too long to show here.');
    expect(body).toMatch(/<!-- sallyport:replies:t[0-9a-f]{24} -->$/);
  });

  it('folds nothing where there is one answer', () => {
    expect(repliesBody(thread, replies(1, 'Yes.'))).not.toContain('<details>');
  });
});

describe('a comment in a review thread', () => {
  it('commands in a thread of ours, and is answered there', async () => {
    const world = worldWithThreads();
    const trigger = { ...world.comment('maintainer', `${help}\n/sallyport fix`), threadId: 70 };
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, world.comment('maintainer', status));
    expect(world.github.comments.map(({ threadId }) => threadId)).toEqual([70, null]);
    expect(world.github.comments[0]?.body).toContain('(#discussion_r501)');
    expect(world.tasks.jobs.size).toBe(1);
  });

  it.each([
    ['somebody else’s', 71],
    ['a thread that is gone', 72],
  ])('commands nothing in %s', async (_whose, threadId) => {
    const world = worldWithThreads();
    await handleTrigger(world.context, { ...world.comment('maintainer', help), threadId });
    expect(world.github.comments).toEqual([]);
    expect(world.github.reactions).toEqual([]);
  });
});

describe('a comment that changed before its turn came', () => {
  it.each([
    ['its text', { body: '/sallyport fix everything' }],
    ['its time alone, changed and changed back', { updatedAt: '2026-01-01T00:00:09Z' }],
  ])('is refused: %s', async (_what, change) => {
    const world = new World();
    const trigger = world.comment('maintainer', '/sallyport fix');
    const { body, updatedAt } = trigger;
    world.github.said.set(trigger.commentId, {
      body,
      updatedAt,
      isOwn: false,
      isMember: false,
      ...change,
    });
    await handleTrigger(world.context, trigger);
    expect(world.tasks.jobs.size).toBe(0);
    expect(bodyOf(world)).toContain('was edited before its command was taken');
    expect(world.ledger.types()).toContain('command.refused');
  });

  it('is refused without a reaction when it was deleted', async () => {
    const world = new World();
    const trigger = world.comment('maintainer', '/sallyport fix');
    world.github.said.delete(trigger.commentId);
    await handleTrigger(world.context, trigger);
    expect(world.tasks.jobs.size).toBe(0);
    expect(world.github.reactions).toEqual([]);
    expect(bodyOf(world)).toContain('was deleted');
  });

  it('is taken when GitHub writes the same time in another way', async () => {
    const world = new World();
    const trigger = { ...world.comment('maintainer', '/sallyport fix') };
    await handleTrigger(world.context, { ...trigger, updatedAt: '2026-01-01T01:00:00+01:00' });
    expect(world.tasks.jobs.size).toBe(1);
  });

  it('waits until GitHub can be asked', async () => {
    const world = new World();
    world.github.faults.plan({ method: 'conversations.read', nth: 1, when: 'before' });
    const trigger = world.comment('maintainer', '/sallyport fix');
    await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
    expect(world.tasks.jobs.size).toBe(0);
  });
});
