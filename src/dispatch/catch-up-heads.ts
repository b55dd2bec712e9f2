import { DeliveryId, digestOf, TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { isEnded, type Task, TaskState } from '../domain/task.ts';
import { LostAccess, type Trigger } from '../domain/trigger.ts';
import { SallyportError } from '../errors.ts';
import type { OpenPullRequest } from '../ports/open-pull-request.ts';
import type { Context } from './context.ts';
import { showAgain } from './show-again.ts';

/** Most repositories looked at in one pass, the busiest last ones: one request each. */
export const maxRepositories = 100;
/** Most open pull requests of one repository, those that changed last. */
const maxOpen = 100;
/** Most commits of one pass whose check runs are asked for: one request each. */
const maxLooks = 50;

/** One look at some repositories. */
export interface Pass {
  /** How many more commits may be asked for. */
  looksLeft: number;
  /** What changed later may have its delivery under way: planning it twice would show two checks. */
  readonly settledAfterMs: number;
}

/** Finds open pull requests whose head nothing has concluded, in every repository where there was work. */
export async function catchUpHeads(context: Context): Promise<void> {
  const pass = { looksLeft: maxLooks, settledAfterMs: 2 * 60_000 };
  for (const repository of await context.store.repositories.known(maxRepositories))
    await catchUpOneOfMany(context, repository, pass);
}

/** The same for one of several repositories: where GitHub does not answer for it, the others do not wait. */
export async function catchUpOneOfMany(
  context: Context,
  repository: RepositoryRef,
  pass: Pass,
): Promise<void> {
  try {
    await catchUpRepository(context, repository, pass);
  } catch (error) {
    // Gone, suspended or not answering; the next look comes by itself.
    if (!(error instanceof SallyportError) || !error.code.startsWith('github.')) throw error;
    const { repositoryId } = repository;
    context.log.warn({ repositoryId, err: error }, 'a repository could not be looked at');
  }
}

/** The same for one repository. @throws SallyportError as GitHub answers */
export async function catchUpRepository(
  context: Context,
  repository: RepositoryRef,
  pass: Pass,
): Promise<void> {
  const untilMs = context.clock.nowMs() - pass.settledAfterMs;
  for (const pull of await context.github.pullRequests.listOpen(repository, maxOpen)) {
    if (pull.updatedAtMs > untilMs) continue;
    await catchUpHead(context, { repository, pull, pass });
  }
}

interface Head {
  readonly repository: RepositoryRef;
  readonly pull: OpenPullRequest;
  readonly pass: Pass;
}

async function catchUpHead(context: Context, head: Head): Promise<void> {
  const { repository, pull, pass } = head;
  const { repositoryId } = repository;
  const { tasks } = context.store;
  const all = await tasks.ofPullRequest(repositoryId, pull.number, TaskState.options);
  const newest = all.find((task) => task.kind === 'review' && task.headSha === pull.headSha);
  if (newest === undefined || !isStanding(newest)) await planAsOpened(context, head, newest);
  // What is not shown yet is the business of `reconcile`.
  if (newest === undefined || !isShown(newest) || !newest.checkConcluded || pass.looksLeft <= 0)
    return;
  pass.looksLeft -= 1;
  await showOpenRuns(context, head);
}

/** Does the ending of this task say anything of the commit? Not where the reason for ending it has passed. */
function isStanding({ state, reason }: Task): boolean {
  if (state === 'superseded') return false;
  const hasPassed = reason === 'pull-request:closed' || LostAccess.safeParse(reason).success;
  return state !== 'cancelled' || !hasPassed;
}

/** Has the task a conclusion, for good or while it waits for somebody? */
function isShown({ state }: Task): boolean {
  return isEnded(state) || state.startsWith('awaiting-');
}

/** A run that is open on GitHub although its task says more: GitHub refused its conclusion at the time. */
async function showOpenRuns(context: Context, { repository, pull }: Head): Promise<void> {
  const runs = await context.github.checkRuns.list(repository, pull.headSha);
  for (const { externalId } of runs.filter(({ conclusion }) => conclusion === null)) {
    const id = TaskId.safeParse(externalId);
    const task = id.success ? await context.store.tasks.get(id.data) : undefined;
    if (task === undefined || !isShown(task)) continue;
    await showAgain(context, task, causeOf('open-run', externalId, String(context.clock.nowMs())));
  }
}

/**
 * Under an id that is made of what was found: found again, it is the same job, and what GitHub then delivers
 * late finds the review planned.
 */
async function planAsOpened(
  context: Context,
  { repository, pull }: Head,
  newest: Task | undefined,
): Promise<void> {
  const { repositoryId } = repository;
  const { number, headSha, isDraft, author } = pull;
  const found = [
    repositoryId,
    number,
    headSha,
    isDraft,
    newest?.id,
    context.policies.operator.digest,
  ];
  const deliveryId = causeOf('missed', ...found.map(String));
  const trigger: Trigger = {
    deliveryId,
    repository,
    sender: author,
    receivedAtMs: context.clock.nowMs(),
    type: 'pull-request',
    action: 'opened',
    number,
    headSha,
    isDerived: true,
  };
  const isNew = !(await context.queues.deliveries.has(deliveryId));
  if (!isNew) return;
  const data = { deliveryId, repositoryId, pullRequest: number, headSha };
  await context.ledger.append({ type: 'head.missed', taskId: null, data });
  await context.queues.deliveries.add(deliveryId, trigger);
}

function causeOf(what: string, ...parts: readonly string[]): DeliveryId {
  const hash = digestOf(JSON.stringify(parts)).slice('sha256:'.length, 'sha256:'.length + 40);
  return DeliveryId.parse(`${what}-${hash}`);
}
