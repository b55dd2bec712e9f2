import { readSubject } from '../approval/read-subject.ts';
import { gateOf, whyVoid } from '../approval/why-void.ts';
import type { Digest } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Task, TaskState } from '../domain/task.ts';
import { isFromGitHub } from '../errors.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { type Ending, endTask } from './end-task.ts';

const waitingStates: readonly TaskState[] = ['awaiting-approval', 'awaiting-run-approval'];
/** Most waiting tasks known of in one pass. */
const pageSize = 500;
/** Most of them looked at in one pass: about four requests each. Passes take turns with all that wait. */
const maxLooks = 30;

/** How often `endVoid` looks, ms. */
export const endVoidEveryMs = 10 * 60_000;

/**
 * Ends what waits on a pull request for a decision that would not hold any more, so that no button is shown which
 * does nothing: on any event of it, as it stands now.
 */
export async function endVoidOf(
  context: Context,
  repository: RepositoryRef,
  pullRequest: PullRequest,
): Promise<void> {
  const { repositoryId } = repository;
  const { tasks } = context.store;
  const waiting = await tasks.ofPullRequest(repositoryId, pullRequest.number, waitingStates);
  for (const task of waiting) await endIfVoid(context, task, pullRequest);
}

/** The same for what no event tells of: a policy or a base branch that changed, a delivery that was lost. */
export async function endVoid(context: Context): Promise<void> {
  const waiting = await context.store.tasks.inStates(waitingStates, pageSize);
  const pass = Math.floor(context.clock.nowMs() / endVoidEveryMs);
  const from = waiting.length === 0 ? 0 : (pass * maxLooks) % waiting.length;
  const turn = [...waiting.slice(from), ...waiting.slice(0, from)].slice(0, maxLooks);
  for (const task of turn) await lookAt(context, task);
}

/** Where GitHub does not answer for one, the others do not wait. */
async function lookAt(context: Context, task: Task): Promise<void> {
  try {
    await endIfVoid(context, task, await readSubject(context.github, task));
  } catch (error) {
    if (!isFromGitHub(error)) throw error;
    context.log.warn({ taskId: task.id, err: error }, 'a task that waits could not be looked at');
  }
}

async function endIfVoid(context: Context, task: Task, pullRequest: PullRequest): Promise<void> {
  const gate = gateOf(task);
  if (gate === undefined) return;
  const policyDigest =
    gate === 'run' ? task.policyDigest : await digestNow(context, task, pullRequest);
  const reason = whyVoid(task, gate, { pullRequest, policyDigest });
  if (reason === undefined) return;
  await endTask(context, task, { ...endingOf(task, pullRequest, reason), from: [task.state] });
}

/** With layers that are wrong nothing is decided either way: that of the task, until they are mended. */
async function digestNow(
  { policies }: Context,
  { repository, policyDigest }: Task,
  { baseRef }: PullRequest,
): Promise<Digest> {
  const reading = await policies.inForce({ repository, baseRef });
  return reading.ok ? reading.loaded.digest : policyDigest;
}

function endingOf(
  { headSha }: Task,
  pullRequest: PullRequest,
  reason: string,
): { readonly state: Ending; readonly reason: string } {
  if (pullRequest.state === 'closed') return { state: 'cancelled', reason: 'pull-request:closed' };
  if (pullRequest.headSha !== headSha) return { state: 'superseded', reason: 'head:moved' };
  return { state: 'superseded', reason: `patch:void: ${reason}` };
}
