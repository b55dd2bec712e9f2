import { z } from 'zod';
import type { RepositoryRef } from '../domain/repository.ts';
import { isEnded, liveStates, TaskState } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { catchUpOneOfMany, catchUpRepository, wholePass } from './catch-up-heads.ts';
import type { Context } from './context.ts';
import { endTask } from './end-task.ts';
import { showAgain } from './show-again.ts';

type Lost = Extract<Trigger, { type: 'access-lost' }>;
type Returned = Extract<Trigger, { type: 'access-returned' }>;
type Moved = Extract<Trigger, { type: 'repository-moved' }>;

/** More live tasks than one installation has. */
const maxTasks = 10_000;
/** Repositories that are looked at when the App is let in again, those with the newest work first. */
const maxRepositories = 100;
/** Tasks that ended last, looked at for a conclusion that GitHub did not take. */
const maxShown = 1_000;
/** What the ledger says of such a one. */
const Refused = z.object({ check: z.object({ status: z.literal('refused') }) });

/**
 * The App may do nothing there any more: what runs is ended. GitHub does not take the conclusions now;
 * they are written when the App is let in again. A word that came late does harm for a while only, since
 * these endings do not stand for a head (`catch-up-heads`).
 */
export async function onAccessLost(context: Context, trigger: Lost): Promise<void> {
  const { installationId, reason } = trigger;
  const live = await context.store.tasks.ofInstallation(installationId, liveStates, maxTasks);
  for (const task of live) {
    if (!isMeant(trigger, task.repository.repositoryId)) continue;
    await endTask(context, task, { state: 'cancelled', reason });
  }
}

/** The App is let in, or in again: the open pull requests of the repositories it knows get what they missed. */
export async function onAccessReturned(context: Context, trigger: Returned): Promise<void> {
  const known = await context.store.repositories.known(maxRepositories);
  const pass = wholePass();
  for (const repository of known) {
    const now = asNamed(trigger, repository);
    if (now === undefined) continue;
    await context.store.repositories.move(now);
    await catchUpOneOfMany(context, now, pass);
  }
  await showRefused(context, trigger);
}

/** What GitHub did not take while the App was shut out, on heads of then too: no check stays open. */
async function showRefused(context: Context, trigger: Returned): Promise<void> {
  const { tasks } = context.store;
  const ended = TaskState.options.filter(isEnded);
  for (const task of await tasks.ofInstallation(trigger.installationId, ended, maxShown)) {
    const rows = await context.ledger.ofTask(task.id);
    const last = rows.findLast(({ type }) => type === 'report.published');
    const { success } = Refused.safeParse(last?.data);
    if (success) await showAgain(context, task, trigger.deliveryId);
  }
}

/** A repository has another name, owner or installation: what is said of its tasks is said there from now on. */
export async function onRepositoryMoved(context: Context, { repository }: Moved): Promise<void> {
  await context.store.repositories.move(repository);
  await catchUpRepository(context, repository, wholePass());
}

function asNamed(
  { installationId, repositories }: Returned,
  known: RepositoryRef,
): RepositoryRef | undefined {
  if (repositories === null) return known.installationId === installationId ? known : undefined;
  return repositories.find(({ repositoryId }) => repositoryId === known.repositoryId);
}

function isMeant({ repositoryIds }: Lost, repositoryId: number): boolean {
  return repositoryIds === null || repositoryIds.includes(repositoryId);
}
