import { decide } from '../approval/decide.ts';
import { waitingTasks } from '../approval/waiting-task.ts';
import type { Command } from '../commands/command.ts';
import { taskIdFor } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { chooseOnce } from './choose-once.ts';
import type { CommandRequest } from './command-request.ts';
import { approvalContext, type Context } from './context.ts';
import { refuse, reply } from './reply.ts';

type DecisionCommand = Extract<Command, { name: 'approve' | 'reject' }>;

/** Lets what waits go on, or drops it. */
export async function decideByComment(
  context: Context,
  request: CommandRequest,
  command: DecisionCommand,
): Promise<void> {
  const key = taskIdFor(request.deliveryId, 'decision');
  const task = await chooseOnce(context, key, () => decidedTask(context, request, command));
  if (task === 'several') {
    const how = '`/sallyport approve` and the id of the task, which its check shows';
    return refuse(context, request, `A patch and a run wait here: say which, with ${how}.`);
  }
  if (task === undefined)
    return refuse(context, request, 'Nothing is waiting for a decision here.');
  // A push while somebody is typing must not be what they let run: the button names its commit by itself.
  if (task.state === 'awaiting-run-approval' && command.name === 'approve' && !command.target) {
    const how = `\`/sallyport approve ${task.headSha.slice(0, 12)}\``;
    return refuse(context, request, `Name the commit that you have looked at: ${how}.`);
  }
  const result = await decide(approvalContext(context), {
    task,
    decision: command.name,
    by: request.sender,
    via: 'comment',
    cause: request.deliveryId,
  });
  if (!result.allowed) return refuse(context, request, result.reason);
  if (result.isCounted) return reply(context, request, `Your approval counts. ${result.reason}`);
}

/** What was planned after the comment came in is not what its author saw. */
async function decidedTask(
  context: Context,
  request: CommandRequest,
  command: DecisionCommand,
): Promise<Task | 'several' | undefined> {
  const target = command.name === 'approve' ? command.target : null;
  const [task, ...others] = await waitingTasks(context.store.tasks, request, target);
  // Whoever means to let a run start must not let a patch be written by the same word.
  if (others.length > 0 && command.name === 'approve') return 'several';
  return task === undefined || task.createdAtMs > request.receivedAtMs ? undefined : task;
}
