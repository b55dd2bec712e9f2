import { type DeliveryId, taskIdFor } from '../domain/ids.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';
import type { Context } from './context.ts';

/** Where an answer goes: the conversation, and the comment that asked if there is one. */
export interface Asker {
  readonly deliveryId: DeliveryId;
  readonly repository: RepositoryRef;
  readonly sender: Actor;
  readonly number: number;
  readonly commentId: number | null;
  /** What is answered once, in place of the delivery. */
  readonly onceKey?: string;
  /** Put on the comment with the answer. */
  readonly reaction?: 'confused';
}

/** Shows that a command was taken, at once and quietly. */
export async function acknowledge(context: Context, asker: Asker): Promise<void> {
  if (asker.commentId !== null) {
    await context.github.conversations.react(asker.repository, asker.commentId, 'eyes');
  }
}

/** Says no with the reason, and records it. Nobody is mentioned: a refusal must not be a way to ping people. */
export async function refuse(context: Context, asker: Asker, reason: string): Promise<void> {
  await context.ledger.append({
    type: 'command.refused',
    taskId: null,
    data: { deliveryId: asker.deliveryId, by: asker.sender.id, reason: reason.slice(0, 500) },
  });
  await reply(context, { ...asker, reaction: 'confused' }, reason);
}

/** Answers in the conversation, once a delivery, also when the delivery is handled twice. */
export async function reply(context: Context, asker: Asker, text: string): Promise<void> {
  const key = taskIdFor(asker.onceKey ?? asker.deliveryId, 'reply');
  const marker = `<!-- sallyport:reply:${key} -->`;
  const step = await context.store.steps.begin(key, 'reply');
  if (step.status === 'done') return;
  const { conversations } = context.github;
  if (asker.reaction !== undefined && asker.commentId !== null) {
    await conversations.react(asker.repository, asker.commentId, asker.reaction);
  }
  const found =
    step.status === 'begun'
      ? await conversations.findComment(asker.repository, asker.number, marker)
      : undefined;
  const id =
    found ?? (await conversations.comment(asker.repository, asker.number, `${text}\n\n${marker}`));
  await context.store.steps.finish(key, 'reply', String(id));
}
