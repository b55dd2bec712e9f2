import type { Command } from '../commands/command.ts';
import { parseCommands } from '../commands/parse.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Trigger } from '../domain/trigger.ts';
import { mayRun } from '../policy/admission.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { acknowledge, refuse } from './reply.ts';
import { runCommand } from './run-command.ts';

type CommentTrigger = Extract<Trigger, { type: 'comment' }>;

/** Runs the slash commands of a comment. Comments by bots, ours included, command nothing: no loops. */
export async function onComment(context: Context, trigger: CommentTrigger): Promise<void> {
  if (trigger.sender.type !== 'User') return;
  const commands = parseCommands(trigger.body);
  if (commands.length === 0) return;
  const { repository, commentId, sender } = trigger;
  // A comment commands once: two webhooks of one App, or a captured body sent again under another
  // delivery id (which the signature does not cover), are still the same comment.
  const deliveryId = DeliveryId.parse(`comment-${repository.repositoryId}-${commentId}`);
  const permission = await context.github.permissions.of(repository, sender.login);
  const mayStart = mayRun(context.policy.policy, permission).allowed;
  if (mayStart) await acknowledge(context, trigger);
  for (const [index, command] of commands.entries()) {
    const onceKey = mayStart ? `${deliveryId}-${index}` : strangerKey(trigger);
    await runOne(context, { ...trigger, deliveryId, permission, onceKey }, command);
  }
}

/**
 * Who may start nothing is answered once on a pull request: comments are paced to one in three seconds an
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
  if (request.isPullRequest) return runCommand(context, request, command);
  return refuse(context, request, 'Sallyport works on pull requests; this is an issue.');
}
