import { TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { isEnded, type Task, TaskState } from '../domain/task.ts';
import type { OpenPullRequest } from '../ports/open-pull-request.ts';
import { automaticNames } from './automatic-names.ts';
import { isOnOtherBase } from './base-branch.ts';
import type { Context } from './context.ts';
import { isStanding } from './is-standing.ts';
import { causeOf, planMissed } from './missed-head.ts';
import { showAgain } from './show-again.ts';

/** The head of an open pull request. */
export interface Head {
  readonly repository: RepositoryRef;
  readonly pull: OpenPullRequest;
}

/** Which tasks start by themselves there, and the policy that says so. */
export interface Expected {
  readonly names: readonly string[];
  /** Of the policy, or of what is wrong with it. */
  readonly digest: string;
}

/** What the policy in force on a base branch starts by itself. One that is wrong is told in the check of `review`, at least. */
export async function expectedOn(
  { policies }: Context,
  repository: RepositoryRef,
  baseRef: string,
): Promise<Expected> {
  const reading = await policies.inForce({ repository, baseRef });
  if (!reading.ok) return { names: ['review'], digest: JSON.stringify(reading.faults) };
  const { policy, digest } = reading.loaded;
  return { names: automaticNames(policy), digest };
}

/**
 * Plans the head where a task that starts by itself has none on it that stands, or one says what it saw on another
 * base. Each by its name: a check of one task says nothing of another.
 * @returns whether every one of them has its say, for good or while it waits for somebody
 */
export async function catchUpHead(
  context: Context,
  head: Head,
  { names, digest }: Expected,
): Promise<boolean> {
  const { repository, pull } = head;
  const { tasks } = context.store;
  const { repositoryId } = repository;
  const all = await tasks.ofPullRequest(repositoryId, pull.number, TaskState.options);
  const onHead = all.filter(({ headSha }) => headSha === pull.headSha);
  const newest = names.map((name) => onHead.find((task) => task.name === name));
  const fallen = await fallenOf(context, onHead, { names, pull });
  if (fallen.length > 0 || newest.includes(undefined)) {
    const paused = await context.store.pauses.isPaused({ repositoryId, number: pull.number });
    const because = [digest, String(paused), ...fallen.map(({ id }) => id)];
    await planMissed(context, { ...head, because });
  }
  // What is not shown yet is the business of `reconcile`.
  return (
    onHead.length > 0 &&
    newest.every((task) => task !== undefined && isShown(task) && task.checkConcluded)
  );
}

/**
 * Of the newest of each name those whose word is not of this base, by whatever they were started, and of those that
 * start by themselves also those whose ending does not stand.
 */
async function fallenOf(
  context: Context,
  onHead: readonly Task[],
  { names, pull }: Pick<Expected, 'names'> & Pick<Head, 'pull'>,
): Promise<readonly Task[]> {
  const newest = new Map(onHead.toReversed().map((task) => [task.name, task]));
  const fallen: Task[] = [];
  for (const task of newest.values()) {
    const hasFallen = names.includes(task.name) && !isStanding(task);
    if (hasFallen || (await isOnOtherBase(context, task, pull))) fallen.push(task);
  }
  return fallen;
}

/** Has the task a conclusion, for good or while it waits for somebody? */
function isShown({ state }: Task): boolean {
  return isEnded(state) || state.startsWith('awaiting-');
}

/** A run that is open on GitHub although its task says more: GitHub refused its conclusion at the time. */
export async function showOpenRuns(context: Context, { repository, pull }: Head): Promise<void> {
  const runs = await context.github.checkRuns.list(repository, pull.headSha);
  for (const { externalId } of runs.filter(({ conclusion }) => conclusion === null)) {
    const id = TaskId.safeParse(externalId);
    const task = id.success ? await context.store.tasks.get(id.data) : undefined;
    if (task === undefined || !isShown(task)) continue;
    await showAgain(context, task, causeOf('open-run', externalId, String(context.clock.nowMs())));
  }
}
