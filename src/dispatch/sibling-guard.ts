import { z } from 'zod';
import type { DeliveryId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { isEnded, type Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { OwnCheckRun } from '../ports/check-runs.ts';
import type { PullRequest } from '../ports/github.ts';
import type { CheckView } from '../report/plan-state.ts';
import { isPass, isPassing, withSibling } from '../report/shared-head.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { pullRequestBehind } from './unrun-id.ts';

/** What the ledger keeps of a check: the task's own conclusion, whatever its siblings made of it. */
const Published = z.object({ conclusion: z.string().nullable() });

/**
 * Keeps a check that passed from standing for another pull request: two of them may have one head commit, and
 * for a commit GitHub knows one check of a name. A pull request whose base hides the changes would let the other
 * one through. The check passes when the newest task of its name has passed on every open pull request with this head, whatever
 * the policies there let it do.
 */
export async function guardSiblings(
  context: Context,
  task: Task,
  view: CheckView,
): Promise<CheckView> {
  if (!isPassing(view)) return view;
  const siblings = await siblingsOf(context, task);
  for (const sibling of siblings) {
    if (await hasPassed(context, sibling)) continue;
    if (await isOpenOn(context, sibling)) return withSibling(view, sibling.pullRequest);
  }
  for (const pullRequest of await refusedOn(context, task)) {
    if (siblings.some((sibling) => sibling.pullRequest === pullRequest)) continue;
    if (await isOpenOn(context, { ...task, pullRequest })) return withSibling(view, pullRequest);
  }
  return view;
}

/** The other pull requests with this head whose newest check of this name passes nothing, with no task behind it. */
async function refusedOn(context: Context, task: Task): Promise<readonly number[]> {
  const runs = await context.github.checkRuns.list(task.repository, task.headSha);
  const newest = new Map<number, OwnCheckRun>();
  for (const run of runs.filter(({ name }) => name === checkName(context, task.name))) {
    const number = pullRequestBehind(run.externalId);
    if (number !== undefined && !newest.has(number)) newest.set(number, run);
  }
  newest.delete(task.pullRequest);
  return [...newest].filter(([, run]) => !isPass(run.conclusion)).map(([number]) => number);
}

/** Has the checks that wait for `task` written again, once for each `cause`. */
export async function showSiblings(context: Context, task: Task, cause: DeliveryId): Promise<void> {
  for (const sibling of await siblingsOf(context, task)) await writeAgain(context, sibling, cause);
}

/** The same for a pull request that was closed, and may have had checks without a task. */
export async function showHead(
  context: Context,
  {
    repository,
    headSha,
    number,
  }: { readonly repository: RepositoryRef } & Pick<PullRequest, 'headSha' | 'number'>,
  cause: DeliveryId,
): Promise<void> {
  const tasks = await context.store.tasks.ofHead(repository.repositoryId, headSha);
  const others = tasks.filter(({ pullRequest }) => pullRequest !== number);
  const newest = new Map(others.toReversed().map((one) => [`${one.pullRequest} ${one.name}`, one]));
  for (const one of newest.values()) await writeAgain(context, one, cause);
}

async function writeAgain(context: Context, task: Task, cause: DeliveryId): Promise<void> {
  const { publish } = context.queues;
  const id = `${task.id}-for-${cause}`;
  // One that did not pass waits for nobody.
  if (!isEnded(task.state) || !(await hasPassed(context, task))) return;
  if (await publish.has(id)) return;
  await context.store.tasks.patch(task.id, { checkConcluded: false });
  await publish.add(id, { taskId: task.id });
}

/** The newest task of this name and commit in each of the other pull requests that have or had it as their head. */
async function siblingsOf(context: Context, task: Task): Promise<readonly Task[]> {
  const { repository, headSha, pullRequest, name } = task;
  const newest = new Map<number, Task>();
  for (const one of await context.store.tasks.ofHead(repository.repositoryId, headSha)) {
    const isSibling = one.name === name && one.pullRequest !== pullRequest;
    if (isSibling && !newest.has(one.pullRequest)) newest.set(one.pullRequest, one);
  }
  return [...newest.values()];
}

async function hasPassed(context: Context, task: Task): Promise<boolean> {
  const rows = await context.ledger.ofTask(task.id);
  const last = rows.findLast(({ type }) => type === 'report.published');
  const { data } = Published.safeParse(last?.data);
  return data !== undefined && isPass(data.conclusion);
}

async function isOpenOn(context: Context, { repository, pullRequest, headSha }: Task) {
  try {
    const now = await context.github.pullRequests.get(repository, pullRequest);
    return now.state === 'open' && now.headSha === headSha;
  } catch (error) {
    if (!hasCode(error, 'github.not-found')) throw error;
    return false;
  }
}
