import { z } from 'zod';
import type { DeliveryId } from '../domain/ids.ts';
import { isEnded, type Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { CheckView } from '../report/plan-state.ts';
import { isPass, isPassing, withSibling } from '../report/shared-head.ts';
import type { Context } from './context.ts';

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
  for (const sibling of await siblingsOf(context, task)) {
    if (await hasPassed(context, sibling)) continue;
    if (await isOpenOn(context, sibling)) return withSibling(view, sibling.pullRequest);
  }
  return view;
}

/** Has the checks that wait for `task` written again, once for each `cause`. */
export async function showSiblings(context: Context, task: Task, cause: DeliveryId): Promise<void> {
  const { publish } = context.queues;
  for (const sibling of await siblingsOf(context, task)) {
    const id = `${sibling.id}-for-${cause}`;
    // One that did not pass waits for nobody.
    if (!isEnded(sibling.state) || !(await hasPassed(context, sibling))) continue;
    if (await publish.has(id)) continue;
    await context.store.tasks.patch(sibling.id, { checkConcluded: false });
    await publish.add(id, { taskId: sibling.id });
  }
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
