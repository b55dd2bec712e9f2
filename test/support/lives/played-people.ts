import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { findingIdIn, isSaidFixed } from '../../../src/report/inline/marker.ts';
import type { FakeThread } from '../fakes/fake-review-threads.ts';
import { number, repository } from '../fakes/world.ts';
import type { PlayedLife } from './played-life.ts';

/** What somebody did, as far as it counts. */
export type PlayedAct =
  | {
      readonly did: 'resolved' | 'unresolved' | 'answered' | 'deleted' | 'edited' | 'unmarked';
      readonly thread: FakeThread;
    }
  | { readonly did: 'disliked'; readonly thread: FakeThread; readonly counts: boolean }
  /** `id`: of the finding; null where nobody who may asked for it. */
  | { readonly did: 'dismissed'; readonly id: string | null; readonly waives: boolean };

const people = ['contributor', 'maintainer', 'reader', 'stranger'] as const;

/** Somebody does something on the pull request; undefined where there was nothing to do it to. */
export async function actOnce(life: PlayedLife): Promise<PlayedAct | undefined> {
  const { choices, world, threads } = life;
  const who = choices.among([...people]);
  const thread = choices.pick(threads);
  const kind = choices.below(20);
  if (kind < 2) return dismissById(life, who);
  if (thread === undefined) return undefined;
  const { reviewThreads } = world.github;
  const { commentId } = thread;
  const person = world.person(who);
  if (kind < 5) {
    if (thread.isResolved) return undefined;
    reviewThreads.resolveBy(commentId, world.person(choices.among(['contributor', 'maintainer'])));
    return { did: 'resolved', thread };
  }
  if (kind < 6) {
    if (!thread.isResolved) return undefined;
    reviewThreads.unresolveBy(commentId);
    return { did: 'unresolved', thread };
  }
  if (kind < 10) {
    reviewThreads.answer(commentId);
    return { did: 'answered', thread };
  }
  if (kind < 13) {
    reviewThreads.dislike(commentId, person);
    return { did: 'disliked', thread, counts: who === 'contributor' || who === 'maintainer' };
  }
  if (kind < 15) {
    reviewThreads.delete(commentId);
    return { did: 'deleted', thread };
  }
  if (kind < 17) {
    thread.body = `${thread.body}\n\nA word of ours.`;
    return { did: 'edited', thread };
  }
  if (kind < 18) {
    thread.body = thread.body.replace(/^<!--.*-->\n/, '');
    return { did: 'unmarked', thread };
  }
  return dismissInThread(life, who, thread);
}

async function dismissInThread(
  life: PlayedLife,
  who: string,
  { commentId, body }: FakeThread,
): Promise<PlayedAct> {
  await command(life, who, { body: '/sallyport dismiss', threadId: commentId });
  return dismissed(who, findingIdIn(body) ?? null);
}

async function dismissById(life: PlayedLife, who: string): Promise<PlayedAct | undefined> {
  const key = { repositoryId: repository.repositoryId, number };
  const records = await life.world.store.findings.ofPullRequest(key, 'review');
  const record = life.choices.pick(records);
  if (record === undefined) return undefined;
  await command(life, who, { body: `/sallyport dismiss ${record.id}`, threadId: null });
  return dismissed(who, record.id);
}

function dismissed(who: string, id: string | null): PlayedAct {
  const may = who === 'contributor' || who === 'maintainer';
  return { did: 'dismissed', id: may ? id : null, waives: may };
}

async function command(
  life: PlayedLife,
  who: string,
  { body, threadId }: { readonly body: string; readonly threadId: number | null },
): Promise<void> {
  const { world } = life;
  const commentId = life.nextCommentId();
  const trigger = { ...world.comment(who, body), commentId, threadId };
  const { updatedAt } = trigger;
  world.github.said.set(commentId, { body, updatedAt, isOwn: false, isMember: false });
  await handleTrigger(world.context, trigger);
  await life.work();
}

/** Is it resolved by a person, as far as one can tell? */
export function isResolvedByPerson({ isResolved, body }: FakeThread): boolean {
  return isResolved && !isSaidFixed(body);
}
