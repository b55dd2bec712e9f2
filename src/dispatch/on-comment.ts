import { readPerson } from '../approval/read-person.ts';
import { readIssue } from '../approval/read-subject.ts';
import type { Command } from '../commands/command.ts';
import { parseCommands } from '../commands/parse.ts';
import { commandNames } from '../domain/command-names.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Trigger } from '../domain/trigger.ts';
import { everyWho, isStranger } from '../policy/decide/people.ts';
import type { PullRequest } from '../ports/github.ts';
import { acknowledgeEarly } from './acknowledge-early.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { commandTasks } from './offered-tasks.ts';
import { acknowledge, refuse } from './reply.ts';
import { runCommand } from './run-command.ts';

type CommentTrigger = Extract<Trigger, { type: 'comment' }>;

/** Runs the slash commands of a comment. Comments by bots, ours included, command nothing: no loops. */
export async function onComment(context: Context, trigger: CommentTrigger): Promise<void> {
  if (trigger.sender.type !== 'User') return;
  // Short forms too: most comments have no line like a command, and GitHub is asked nothing for those.
  const maybe = parseCommands(trigger.body, { shortForms: commandNames });
  if (maybe.length === 0) return;
  const isOwnPlace = await isInOwnPlace(context, trigger);
  if (!(isOwnPlace || maybe.some(isForOthers))) return;
  const isSeen = await acknowledgeEarly(context, trigger);
  const subjectKind = trigger.isPullRequest ? 'pull-request' : 'issue';
  const pullRequest = await subjectOf(context, trigger);
  const { loaded, faults } = await policyFor(context, trigger, pullRequest);
  const shortForms = loaded.policy.commands.short ? commandNames : [];
  const tasks = commandTasks(loaded.policy, subjectKind);
  const all = parseCommands(trigger.body, { shortForms, tasks });
  const commands = isOwnPlace ? all : all.filter(isForOthers);
  if (commands.length === 0) return;
  const { repository, commentId, sender } = trigger;
  // A comment commands once: two webhooks of one App, or a captured body sent again under another
  // delivery id (which the signature does not cover), are still the same comment.
  const kind = trigger.threadId === null ? 'comment' : 'review-comment';
  const deliveryId = DeliveryId.parse(`${kind}-${repository.repositoryId}-${commentId}`);
  const person = await readPerson(context.github, {
    repository,
    who: sender,
    // Nobody is the author of an issue in the sense of a policy, or an owner of its files.
    pullRequest: trigger.isPullRequest ? pullRequest : null,
    whos: everyWho(loaded.policy),
  });
  const isOnceOnly = isStranger(loaded.policy, person);
  const changed = await howChanged(context, trigger);
  if (changed !== undefined) {
    const onceKey = isOnceOnly ? strangerKey(trigger) : `${deliveryId}-changed`;
    // There is nothing to react to where the comment is gone.
    const asked = changed === 'deleted' ? null : commentId;
    return refuse(
      context,
      { ...trigger, deliveryId, onceKey, commentId: asked },
      changedText[changed],
    );
  }
  if (!(isOnceOnly || isSeen)) await acknowledge(context, trigger);
  for (const [index, command] of commands.entries()) {
    const onceKey = isOnceOnly ? strangerKey(trigger) : `${deliveryId}-${index}`;
    await runOne(
      context,
      { ...trigger, deliveryId, person, subjectKind, pullRequest, loaded, faults, onceKey },
      command,
    );
  }
}

async function subjectOf(
  { github }: Context,
  { repository, number, isPullRequest }: CommentTrigger,
): Promise<PullRequest> {
  if (isPullRequest) return github.pullRequests.get(repository, number);
  return readIssue(github, repository, number);
}

/**
 * The policy in force where the comment stands; on an issue that of the default branch. Where the layers are wrong, it
 * only tells who is a stranger here: with faults no command does anything.
 */
async function policyFor(
  { policies }: Context,
  { repository }: CommentTrigger,
  { baseRef }: PullRequest,
): Promise<Pick<CommandRequest, 'loaded' | 'faults'>> {
  const reading = await policies.inForce({ repository, baseRef });
  if (!reading.ok) return { loaded: policies.operator, faults: reading.faults };
  return { loaded: reading.loaded, faults: [] };
}

const changedText = {
  edited:
    'A comment was edited before its command was taken. Nothing was done: write a new comment.',
  deleted: 'A comment was deleted before its command was taken. Nothing was done.',
} as const;

/**
 * Was the comment changed since GitHub told of it? Whoever may edit comments could put words into the mouth
 * of somebody who may command; and what a person took back is not to be done.
 */
async function howChanged(
  context: Context,
  trigger: CommentTrigger,
): Promise<'edited' | 'deleted' | undefined> {
  const { repository, commentId, threadId } = trigger;
  const ref = { commentId, isInThread: threadId !== null };
  const now = await context.github.conversations.read(repository, ref);
  if (now === undefined) return 'deleted';
  const isSame =
    now.body === trigger.body && Date.parse(now.updatedAt) === Date.parse(trigger.updatedAt);
  return isSame ? undefined : 'edited';
}

/** What may be asked in somebody else's thread: to have done what is said there. */
function isForOthers({ name }: Command): boolean {
  return name === 'fix';
}

/** In review threads only our own are listened to for all commands: others are somebody else's talk. */
async function isInOwnPlace(
  context: Context,
  { repository, threadId }: CommentTrigger,
): Promise<boolean> {
  if (threadId === null) return true;
  const ref = { commentId: threadId, isInThread: true };
  return (await context.github.conversations.read(repository, ref))?.isOwn ?? false;
}

/**
 * Who may start and approve nothing is answered once in a conversation: comments are paced to one in three seconds an
 * installation, and a flood of refusals would hold up the deliveries of everybody else.
 */
function strangerKey({ repository, number, sender }: CommentTrigger): string {
  return `stranger-${repository.repositoryId}-${number}-${sender.id}`;
}

async function runOne(context: Context, request: CommandRequest, command: Command): Promise<void> {
  const { deliveryId, sender } = request;
  await context.ledger.append({
    type: 'command.read',
    taskId: null,
    data: { deliveryId, command: command.name, by: sender.id },
  });
  await runCommand(context, request, command);
}
