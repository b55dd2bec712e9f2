import type { Command } from '../commands/command.ts';
import { closest } from '../domain/closest.ts';
import { taskIdFor } from '../domain/ids.ts';
import { isEnded, type Task, TaskKind, TaskState } from '../domain/task.ts';
import { mayRun, mustWait } from '../policy/admission.ts';
import type { PullRequest } from '../ports/github.ts';
import { chooseOnce } from './choose-once.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { createTask, type TaskRequest } from './create-task.ts';
import { refuse } from './reply.ts';

/** What a task is started with. */
type Start = Pick<TaskRequest, 'kind' | 'instructions'>;

/** Starts a review or a fix of the present head. */
export async function startByComment(
  context: Context,
  request: CommandRequest,
  start: Start,
): Promise<void> {
  const pullRequest = await admitted(context, request);
  if (pullRequest === undefined) return;
  await startTask(context, request, { ...start, pullRequest, held: false });
}

/** Starts a task by its name in the policy. Neither of today's tasks takes a value. */
export async function runByComment(
  context: Context,
  request: CommandRequest,
  { task, parameters }: Extract<Command, { name: 'run' }>,
): Promise<void> {
  const admission = mayRun(context.policy.policy, request.permission);
  if (!admission.allowed) return refuse(context, request, admission.reason);
  const kind = TaskKind.safeParse(task);
  if (!kind.success) {
    const meant = closest(task, TaskKind.options) ?? TaskKind.options.join('` or `');
    return refuse(context, request, `The policy has no such task. Did you mean \`${meant}\`?`);
  }
  if (parameters.size > 0) return refuse(context, request, `\`${task}\` takes no values.`);
  await startByComment(context, request, { kind: kind.data, instructions: null });
}

/** Runs again, on the present head, what ended last without success. */
export async function retryByComment(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<void> {
  const pullRequest = await admitted(context, request);
  if (pullRequest === undefined) return;
  const key = taskIdFor(request.deliveryId, 'retry');
  const task = await chooseOnce(context, key, () => lastFailed(context, request, target));
  if (task === undefined) return refuse(context, request, 'No task here ended without success.');
  // It means that commit: what an outsider has pushed since waits at gate 1 like any other push.
  const author = await context.github.permissions.of(request.repository, pullRequest.authorLogin);
  const isNewer = pullRequest.headSha !== task.headSha;
  const held = isNewer && mustWait(context.policy.policy, pullRequest, author);
  const { kind, instructions } = task;
  await startTask(context, request, { kind, instructions, pullRequest, held });
}

/** The open pull request, if this person may start tasks there; else the refusal is out. */
async function admitted(
  context: Context,
  request: CommandRequest,
): Promise<PullRequest | undefined> {
  const admission = mayRun(context.policy.policy, request.permission);
  if (!admission.allowed) {
    await refuse(context, request, admission.reason);
    return undefined;
  }
  const pullRequest = await context.github.pullRequests.get(request.repository, request.number);
  if (pullRequest.state === 'open') return pullRequest;
  await refuse(context, request, 'This pull request is closed.');
  return undefined;
}

async function startTask(
  context: Context,
  { repository, deliveryId, sender }: CommandRequest,
  start: Start & Pick<TaskRequest, 'pullRequest' | 'held'>,
): Promise<void> {
  await createTask(context, { ...start, repository, cause: deliveryId, requestedBy: sender });
}

async function lastFailed(
  context: Context,
  { repository, number, receivedAtMs }: CommandRequest,
  target: string | null,
): Promise<Task | undefined> {
  const failed = TaskState.options.filter((state) => isEnded(state) && state !== 'done');
  const tasks = await context.store.tasks.ofPullRequest(repository.repositoryId, number, failed);
  return tasks.find(
    (task) => task.createdAtMs <= receivedAtMs && (target === null || isNamed(task, target)),
  );
}

/** Is the task meant by this id or name? */
export function isNamed(task: Task, target: string): boolean {
  return task.id === target || task.kind === target;
}
