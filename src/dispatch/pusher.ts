import type { z } from 'zod';
import { type CommitSha, taskIdFor } from '../domain/ids.ts';
import { Actor, type RepositoryRef } from '../domain/repository.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { isOwnCommit } from './loop-guard.ts';

const Pusher = Actor.pick({ id: true, login: true });
type Pusher = z.infer<typeof Pusher>;

type Pushed = Pick<
  Extract<Trigger, { type: 'pull-request' }>,
  'action' | 'repository' | 'headSha' | 'sender' | 'isDerived'
>;

const step = 'pusher';

/**
 * Keeps who pushed a head, as the delivery of the push names them: what happens to this head later, by
 * whomever, is judged by them as well. The first head of a pull request is its opener's. The first word counts: a
 * head that is pushed again is the same content.
 */
export async function rememberPusher(
  { store }: Pick<Context, 'store'>,
  { action, repository, headSha, sender, isDerived = false }: Pushed,
): Promise<void> {
  if (isDerived || (action !== 'opened' && action !== 'synchronize')) return;
  const key = keyOf(repository, headSha);
  await store.steps.keep(key, step, JSON.stringify({ id: sender.id, login: sender.login }));
}

/**
 * Who pushed the head of the pull request; null where no delivery told, as of a push while it was closed. Behind a
 * commit of Sallyport's own stands a person's approval: it counts as the author's.
 */
export async function pusherOf(
  context: Context,
  repository: RepositoryRef,
  pullRequest: PullRequest,
): Promise<Pusher | null> {
  const { headSha, authorId: id, authorLogin: login } = pullRequest;
  if (await isOwnCommit(context, repository, pullRequest)) return { id, login };
  const told = await context.store.steps.find(keyOf(repository, headSha), step);
  return told === undefined ? null : Pusher.parse(JSON.parse(told));
}

function keyOf({ repositoryId }: RepositoryRef, headSha: CommitSha) {
  return taskIdFor(`push-${repositoryId}-${headSha}`, step);
}
