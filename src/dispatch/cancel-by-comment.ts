import { liveStates, type Task } from '../domain/task.ts';
import { mayCommand } from '../policy/decide/people.ts';
import { cancelReason } from './cancel-reason.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { endTask } from './end-task.ts';
import { refuse, reply } from './reply.ts';
import { saidAtMs } from './said-at.ts';
import { isNamed } from './start-by-comment.ts';

/**
 * Ends the live tasks of the pull request, or the named one. Who may start tasks may end them; who asked
 * for a task always may end it. A commit that is being made is not broken off.
 */
export async function cancelByComment(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<void> {
  const admission = mayCommand(request.loaded.policy, request.person);
  const live = await liveTasks(context, request, target);
  const own = live.filter((task) => admission.allowed || task.requestedBy.id === request.sender.id);
  if (!admission.allowed && own.length === 0) return refuse(context, request, admission.reason);
  const ended: Task[] = [];
  for (const task of own) {
    const by = {
      state: 'cancelled',
      reason: cancelReason(request.sender.login),
    } as const;
    if ((await endTask(context, task, by)) !== undefined) ended.push(task);
  }
  if (ended.length === 0) return refuse(context, request, 'No task here can be cancelled.');
  const names = ended.map((task) => `\`${task.name}\` (\`${task.id}\`)`);
  await reply(context, request, `Cancelled: ${names.join(', ')}.`);
}

/** Those planned after the comment was written are not what its author saw. */
async function liveTasks(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<readonly Task[]> {
  const { repository, number } = request;
  const { tasks } = context.store;
  const live = await tasks.ofPullRequest(repository.repositoryId, number, liveStates);
  const untilMs = saidAtMs(request);
  return live.filter(
    (task) => task.createdAtMs <= untilMs && (target === null || isNamed(task, target)),
  );
}
