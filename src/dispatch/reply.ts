import { type DeliveryId, type TaskId, taskIdFor } from '../domain/ids.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';
import type { Place } from '../ports/conversations.ts';
import { findShownSecret } from '../report/secret-scan.ts';
import type { Context } from './context.ts';
import { maxReplies, repliesBody, repliesMarker } from './replies-body.ts';

/** Where an answer goes: the conversation, and the comment that asked if there is one. */
export interface Asker extends Place {
  readonly deliveryId: DeliveryId;
  readonly repository: RepositoryRef;
  readonly sender: Actor;
  readonly commentId: number | null;
  /** What is answered once, in place of the delivery. */
  readonly onceKey?: string;
  /** Put on the comment with the answer. */
  readonly reaction?: 'confused';
}

/** Shows that a command was taken, at once and quietly. */
export async function acknowledge(context: Context, asker: Asker): Promise<void> {
  await react(context, asker, 'eyes');
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

/**
 * Answers in the App's one comment of the conversation or review thread, newest answer on top; once a
 * delivery, also when the delivery is handled twice.
 */
export async function reply(context: Context, asker: Asker, text: string): Promise<void> {
  const key = taskIdFor(asker.onceKey ?? asker.deliveryId, 'reply');
  const step = await context.store.steps.begin(key, 'reply');
  if (step.status === 'done') return;
  if (asker.reaction !== undefined) await react(context, asker, asker.reaction);
  const thread = threadOf(asker);
  // Kept before it is shown: whoever writes the comment next shows it too, whatever becomes of us.
  const shown = await withoutSecrets(context, asker, text);
  await context.store.replies.add(thread, { key, text: `${askedIn(asker)}${shown}` });
  const id = await context.turns.take(thread, () => showReplies(context, asker, thread));
  await context.store.steps.finish(key, 'reply', String(id));
}

/** Says the same in the same place, but in place of what was said under this key before: where a task stands. */
export async function tell(
  context: Context,
  asker: Asker & { readonly onceKey: string },
  text: string,
): Promise<void> {
  const thread = threadOf(asker);
  const shown = await withoutSecrets(context, asker, text);
  await context.store.replies.put(thread, { key: taskIdFor(asker.onceKey, 'reply'), text: shown });
  await context.turns.take(thread, () => showReplies(context, asker, thread));
}

function threadOf({ repository, number, threadId }: Asker): TaskId {
  return taskIdFor(JSON.stringify([repository.repositoryId, number, threadId]), 'thread');
}

/** Writes the comment as the store has it. A comment that somebody deleted is made again. */
async function showReplies(context: Context, asker: Asker, thread: TaskId): Promise<number> {
  const { conversations } = context.github;
  const { repository } = asker;
  const body = repliesBody(thread, await context.store.replies.latest(thread, maxReplies));
  const commentId = await ownComment(context, asker, thread);
  if (commentId !== undefined) {
    await conversations.update(repository, { commentId, isInThread: isInThread(asker) }, body);
    return commentId;
  }
  const made = await conversations.comment(repository, placeOf(asker), body);
  await context.store.steps.finish(thread, 'comment', String(made));
  return made;
}

/**
 * The App's comment of this thread, if there is one. The record alone is not believed: what it names may be
 * gone. A mark alone is not either: the adapter looks at the comment's author.
 */
async function ownComment(
  context: Context,
  asker: Asker,
  thread: TaskId,
): Promise<number | undefined> {
  const { conversations } = context.github;
  const step = await context.store.steps.begin(thread, 'comment');
  if (step.status === 'new') return undefined;
  if (step.status === 'done') {
    const commentId = Number(step.reference);
    const ref = { commentId, isInThread: isInThread(asker) };
    if ((await conversations.read(asker.repository, ref))?.isOwn) return commentId;
  }
  const { repository } = asker;
  const found = await conversations.findComment(repository, placeOf(asker), repliesMarker(thread));
  if (found !== undefined) await context.store.steps.finish(thread, 'comment', String(found));
  return found;
}

/** An answer stands among others in one comment, so each is looked at by itself before it is kept. It repeats little of what others wrote; should that little be a secret, none of it goes out. */
async function withoutSecrets(context: Context, asker: Asker, text: string): Promise<string> {
  const rule = findShownSecret(text, { canary: null, own: [] });
  if (rule === undefined) return text;
  const data = { deliveryId: asker.deliveryId, rule, where: 'reply' };
  await context.ledger.append({ type: 'incident.raised', taskId: null, data });
  return 'The answer is withheld: there was a secret in it.';
}

async function react(context: Context, asker: Asker, content: 'eyes' | 'confused'): Promise<void> {
  const { commentId } = asker;
  if (commentId === null) return;
  const ref = { commentId, isInThread: isInThread(asker) };
  await context.github.conversations.react(asker.repository, ref, content);
}

function placeOf({ number, threadId }: Asker): Place {
  return { number, threadId };
}

function isInThread({ threadId }: Asker): boolean {
  return threadId !== null;
}

/** A link to the comment that asked; GitHub resolves it on the page where it stands. */
function askedIn({ commentId, threadId }: Asker): string {
  if (commentId === null) return '';
  const anchor = threadId === null ? `issuecomment-${commentId}` : `discussion_r${commentId}`;
  return `To [this comment](#${anchor}):\n\n`;
}
