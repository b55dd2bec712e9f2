import { decide } from '../approval/decide.ts';
import { isMeant, waitingTasks } from '../approval/waiting-task.ts';
import type { Command } from '../commands/command.ts';
import { taskIdFor } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { chooseOnce } from './choose-once.ts';
import type { CommandRequest } from './command-request.ts';
import { approvalContext, type Context } from './context.ts';
import { refuse, reply } from './reply.ts';
import { saidAtMs } from './said-at.ts';

type DecisionCommand = Extract<Command, { name: 'approve' | 'reject' }>;

/** Lets what waits go on, or drops it. */
export async function decideByComment(
  context: Context,
  request: CommandRequest,
  command: DecisionCommand,
): Promise<void> {
  const key = taskIdFor(request.deliveryId, 'decision');
  const task = await chooseOnce(context, key, () => decidedTask(context, request, command));
  if (typeof task === 'string') return refuse(context, request, task);
  if (task === undefined)
    return refuse(context, request, 'Nothing is waiting for a decision here.');
  // A push while somebody is typing must not be what they let run: the button names its commit by itself.
  if (task.state === 'awaiting-run-approval' && !namesCommit(task, command)) {
    const how = `\`/sallyport approve ${task.headSha.slice(0, 12)}\``;
    return refuse(context, request, `Name the commit that you have looked at: ${how}.`);
  }
  const result = await decide(approvalContext(context), {
    task,
    decision: command.name,
    by: request.sender,
    via: 'comment',
    cause: request.deliveryId,
    saidAtMs: saidAtMs(request),
  });
  if (!result.allowed) return refuse(context, request, result.reason);
  if (!result.isCounted) return;
  // Whoever may approve is no stranger, as an owner of a file that the patch alone touches.
  const asker = { ...request, onceKey: `${request.deliveryId}-counted-${task.id}` };
  await reply(context, asker, `Your approval counts. ${result.reason}`);
}

/** Does the command say which commit it means? A task's id does: each is of one commit. */
function namesCommit(task: Task, command: DecisionCommand): boolean {
  return command.name !== 'approve' || (command.target !== null && command.target !== task.name);
}

/**
 * The task that is meant, or a sentence that says which there are. What began to wait after the comment was
 * written is not what its author saw.
 */
async function decidedTask(
  context: Context,
  request: CommandRequest,
  command: DecisionCommand,
): Promise<Task | string | undefined> {
  const target = command.name === 'approve' ? command.target : null;
  const seen = await seenBy(context, request);
  const [task, ...others] = seen.filter((one) => isMeant(one, target));
  if (command.name === 'reject') return task;
  // Whoever means to let a run start must not let a patch be written by the same word.
  if (others.length > 0) return `More than one task waits here: say which. ${waitingList(seen)}`;
  if (task !== undefined || seen.length === 0) return task;
  return `Nothing that waits here is called so. ${waitingList(seen)}`;
}

function waitingList(tasks: readonly Task[]): string {
  const rows = tasks.map(({ id, name, state }) => {
    const what = state === 'awaiting-approval' ? 'a patch' : 'a run';
    return `\`/sallyport approve ${id}\` is for ${what} of \`${name}\``;
  });
  return `${rows.join('; ')}.`;
}

/** Of the tasks that wait, those that did when the comment was written. */
async function seenBy(context: Context, request: CommandRequest): Promise<readonly Task[]> {
  const seen: Task[] = [];
  for (const task of await waitingTasks(context.store.tasks, request)) {
    if ((await waitsSince(context, task)) <= saidAtMs(request)) seen.push(task);
  }
  return seen;
}

/** Epoch ms. A run waits from the beginning; of a patch the ledger says when it began to. */
async function waitsSince({ ledger }: Context, task: Task): Promise<number> {
  if (task.state === 'awaiting-run-approval') return task.createdAtMs;
  const rows = await ledger.ofTask(task.id);
  const began = rows.findLast(({ type }) => type === 'task.awaiting-approval');
  return began?.atMs ?? task.updatedAtMs;
}
