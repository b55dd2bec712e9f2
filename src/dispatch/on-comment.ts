import { decide } from '../approval/decide.ts';
import { waitingTasks } from '../approval/waiting-task.ts';
import { DeliveryId, TaskId, taskIdFor } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { mayRun } from '../policy/admission.ts';
import { approvalContext, type Context } from './context.ts';
import { createTask } from './create-task.ts';
import { helpText } from './help-text.ts';
import { type Command, parseCommands } from './parse-command.ts';
import { acknowledge, refuse, reply } from './reply.ts';

type CommentTrigger = Extract<Trigger, { type: 'comment' }>;

/** Runs the slash commands of a comment. Comments by bots, ours included, command nothing: no loops. */
export async function onComment(context: Context, trigger: CommentTrigger): Promise<void> {
  if (trigger.sender.type !== 'User') return;
  // A comment commands once: two webhooks of one App, or a captured body sent again under another
  // delivery id (which the signature does not cover), are still the same comment.
  const cause = `comment-${trigger.repository.repositoryId}-${trigger.commentId}`;
  const commands = parseCommands(trigger.body);
  if (commands.length === 0) return;
  const once = { ...trigger, deliveryId: DeliveryId.parse(cause) };
  const asker = { ...once, ...(await answeredOnce(context, trigger)) };
  for (const command of commands) {
    await runCommand(context, asker, command);
  }
}

/**
 * Who may start nothing is answered once on a pull request: comments are paced to one in three seconds an
 * installation, and a flood of refusals would hold up the deliveries of everybody else.
 */
async function answeredOnce(
  context: Context,
  { repository, number, sender }: CommentTrigger,
): Promise<{ readonly onceKey?: string }> {
  const permission = await context.github.permissions.of(repository, sender.login);
  if (mayRun(context.policy.policy, permission).allowed) return {};
  return { onceKey: `stranger-${repository.repositoryId}-${number}-${sender.id}` };
}

async function runCommand(
  context: Context,
  trigger: CommentTrigger,
  command: Command,
): Promise<void> {
  await context.ledger.append({
    type: 'command.read',
    taskId: null,
    data: { deliveryId: trigger.deliveryId, command: command.name, by: trigger.sender.id },
  });
  if (!trigger.isPullRequest) {
    return refuse(context, trigger, 'Sallyport works on pull requests; this is an issue.');
  }
  switch (command.name) {
    case 'help':
      return reply(context, trigger, helpText(context.policy.policy));
    case 'unknown':
      return refuse(
        context,
        trigger,
        `There is no such command.\n\n${helpText(context.policy.policy)}`,
      );
    case 'review':
    case 'fix':
      return start(context, trigger, command);
    case 'approve':
    case 'reject':
      return decideByComment(context, trigger, command);
  }
}

async function start(
  context: Context,
  trigger: CommentTrigger,
  command: Extract<Command, { name: 'review' | 'fix' }>,
): Promise<void> {
  const permission = await context.github.permissions.of(trigger.repository, trigger.sender.login);
  const admission = mayRun(context.policy.policy, permission);
  if (!admission.allowed) return refuse(context, trigger, admission.reason);
  const pullRequest = await context.github.pullRequests.get(trigger.repository, trigger.number);
  if (pullRequest.state === 'closed')
    return refuse(context, trigger, 'This pull request is closed.');
  await acknowledge(context, trigger);
  await createTask(context, {
    kind: command.name === 'fix' ? 'fix' : 'review',
    repository: trigger.repository,
    pullRequest,
    cause: trigger.deliveryId,
    requestedBy: trigger.sender,
    instructions: 'instructions' in command ? command.instructions : null,
    held: false,
  });
}

async function decideByComment(
  context: Context,
  trigger: CommentTrigger,
  command: Extract<Command, { name: 'approve' | 'reject' }>,
): Promise<void> {
  const task = await decidedTask(context, trigger, command);
  if (task === 'several') {
    const how = '`/sallyport approve` and the id of the task, which its check shows';
    return refuse(context, trigger, `A patch and a run wait here: say which, with ${how}.`);
  }
  if (task === undefined)
    return refuse(context, trigger, 'Nothing is waiting for a decision here.');
  // A push while somebody is typing must not be what they let run: the button names its commit by itself.
  if (task.state === 'awaiting-run-approval' && command.name === 'approve' && !command.target) {
    const how = `\`/sallyport approve ${task.headSha.slice(0, 12)}\``;
    return refuse(context, trigger, `Name the commit that you have looked at: ${how}.`);
  }
  const result = await decide(approvalContext(context), {
    task,
    decision: command.name,
    by: trigger.sender,
    via: 'comment',
    cause: trigger.deliveryId,
  });
  if (!result.allowed) return refuse(context, trigger, result.reason);
  await acknowledge(context, trigger);
}

/**
 * The task that the comment is about, chosen once: tried again later, the same comment must not decide on
 * what has come to wait since. What was planned after the comment came in is not what its author saw.
 */
async function decidedTask(
  context: Context,
  trigger: CommentTrigger,
  command: Extract<Command, { name: 'approve' | 'reject' }>,
): Promise<Task | 'several' | undefined> {
  const { tasks, steps } = context.store;
  const key = taskIdFor(trigger.deliveryId, 'decision');
  const step = await steps.begin(key, 'target');
  if (step.status === 'done') return tasks.get(TaskId.parse(step.reference));
  const target = command.name === 'approve' ? command.target : null;
  const [task, ...others] = await waitingTasks(tasks, trigger, target);
  // Whoever means to let a run start must not let a patch be written by the same word.
  if (others.length > 0 && command.name === 'approve') return 'several';
  if (task === undefined || task.createdAtMs > trigger.receivedAtMs) return undefined;
  await steps.finish(key, 'target', task.id);
  return task;
}
