import type { Command } from '../commands/command.ts';
import { closest } from '../domain/closest.ts';
import { taskIdFor } from '../domain/ids.ts';
import { isEnded, type Task, TaskState } from '../domain/task.ts';
import { whyNotTaken } from '../policy/decide/parameters.ts';
import { mayCommand, mayRun, whyNoFork } from '../policy/decide/people.ts';
import { commandStart, triageIsForIssues } from '../policy/decide/triggers.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { kindOf, rulesOf } from '../policy/rules-of.ts';
import { chooseOnce } from './choose-once.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { createTask, type TaskRequest } from './create-task.ts';
import { isHeld } from './entry.ts';
import { isTriage, startsOnIssue } from './issue-commands.ts';
import { readAsked } from './read-asked.ts';
import { refuse, reply } from './reply.ts';
import { saidAtMs } from './said-at.ts';

/** What a task is started with. */
type Start = Pick<TaskRequest, 'name' | 'instructions' | 'parameters' | 'asked'>;

/** Starts a task on the present head. What its author may not have looked at is asked about at gate 1. */
export async function startByComment(
  context: Context,
  request: CommandRequest,
  start: Start,
): Promise<void> {
  const refusal = whyNot(request, start);
  if (refusal !== undefined) return refuse(context, request, refusal);
  const held = hasChangedSince(request) && (await isHeld(context, request, start.name));
  const { state } = await startTask(context, request, { ...start, held });
  if (state === 'awaiting-run-approval') await reply(context, request, heldText(request));
}

/**
 * Has anything happened to the pull request since the comment was written? It may have been a push: its delivery may
 * be under way still, and to a head of before it looks like nothing new.
 */
function hasChangedSince(request: CommandRequest): boolean {
  return request.pullRequest.updatedAtMs > saidAtMs(request);
}

function heldText({ pullRequest }: CommandRequest): string {
  const sha = pullRequest.headSha.slice(0, 12);
  return [
    `This pull request has changed since you wrote that. Its head is \`${sha}\` now: look at it, and let it run with`,
    `\`/sallyport approve ${sha}\` or the button of the check.`,
  ].join(' ');
}

/** Starts a fix of what the comment names, or of what its thread is about. Nothing is looked up for who may not start it. */
export async function fixByComment(
  context: Context,
  request: CommandRequest,
  text: string | null,
): Promise<void> {
  const refusal = whyNot(request, { name: 'fix', instructions: text });
  if (refusal !== undefined) return refuse(context, request, refusal);
  const reading = await readAsked(context, request, text);
  if (!reading.ok) return refuse(context, request, reading.reason);
  const { asked, instructions } = reading;
  await startByComment(context, request, { name: 'fix', instructions, asked });
}

/** Starts a task by its name in the policy, with values that the policy says it takes. */
export async function runByComment(
  context: Context,
  request: CommandRequest,
  { task, parameters }: Extract<Command, { name: 'run' }>,
): Promise<void> {
  const { policy } = request.loaded;
  const admission = mayCommand(policy, request.person);
  if (!admission.allowed) return refuse(context, request, admission.reason);
  if (!Object.hasOwn(policy.tasks, task)) return refuse(context, request, whichTask(policy, task));
  const start = { name: task, instructions: null, parameters: Object.fromEntries(parameters) };
  await startByComment(context, request, start);
}

function whichTask(policy: EffectivePolicy, word: string): string {
  const names = Object.keys(policy.tasks);
  const meant = closest(word, names) ?? names.join('` or `');
  return `The policy has no such task. Did you mean \`${meant}\`?`;
}

/** Runs again, on the present head, what ended last without success. */
export async function retryByComment(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<void> {
  const admission = mayCommand(request.loaded.policy, request.person);
  if (!admission.allowed) return refuse(context, request, admission.reason);
  const key = taskIdFor(request.deliveryId, 'retry');
  const task = await chooseOnce(context, key, () => lastFailed(context, request, target));
  if (task === undefined) return refuse(context, request, 'No task here ended without success.');
  const { name, instructions, parameters } = task;
  const refusal = whyNot(request, task);
  if (refusal !== undefined) return refuse(context, request, refusal);
  // It means that commit: what an outsider has pushed since waits at gate 1 like any other push.
  const isPull = request.subjectKind === 'pull-request';
  const isNewer = isPull && request.pullRequest.headSha !== task.headSha;
  const held = isNewer && (await isHeld(context, request, name));
  await startTask(context, request, { name, instructions, parameters, held, again: task });
}

/** Why this person starts no such task here by a command, or undefined. */
function whyNot(request: CommandRequest, { name, parameters = {} }: Start): string | undefined {
  const { loaded, person, pullRequest, subjectKind } = request;
  const start = commandStart(loaded.policy, name);
  if (start.outcome !== 'starts') return start.reason;
  const rules = rulesOf(loaded.policy, name);
  const admission = mayRun(rules, person);
  if (!admission.allowed) return admission.reason;
  const isIssue = subjectKind === 'issue';
  if (pullRequest.state === 'closed')
    return `This ${isIssue ? 'issue' : 'pull request'} is closed.`;
  const isOfIssues = isTriage(name, rules);
  if (isOfIssues && !isIssue) return triageIsForIssues;
  if (isIssue && !startsOnIssue(name, rules))
    return 'On an issue `fix` is the one task that starts, besides triage.';
  if (isIssue && !isOfIssues && kindOf(rules) !== 'fix')
    return 'The policy lets no patch of this task through.';
  return whyNoFork(rules, pullRequest) ?? whyNotTaken(name, rules, parameters);
}

async function startTask(
  context: Context,
  { repository, subjectKind, pullRequest, loaded, deliveryId, sender }: CommandRequest,
  start: Start & Pick<TaskRequest, 'held' | 'again'>,
): Promise<Task> {
  const place = { repository, subjectKind, pullRequest, policy: loaded };
  return createTask(context, { ...start, ...place, cause: deliveryId, requestedBy: sender });
}

async function lastFailed(
  context: Context,
  request: CommandRequest,
  target: string | null,
): Promise<Task | undefined> {
  const { repository, number } = request;
  const failed = TaskState.options.filter((state) => isEnded(state) && state !== 'done');
  const tasks = await context.store.tasks.ofPullRequest(repository.repositoryId, number, failed);
  const untilMs = saidAtMs(request);
  return tasks.find(
    (task) => task.createdAtMs <= untilMs && (target === null || isNamed(task, target)),
  );
}

/** Is the task meant by this id or name? */
export function isNamed(task: Task, target: string): boolean {
  return task.id === target || task.name === target;
}
