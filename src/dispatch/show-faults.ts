import type { RepositoryRef } from '../domain/repository.ts';
import { type Task, TaskState } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import { describeFault, type PolicyFault } from '../policy/fault.ts';
import { planFaults } from '../report/policy-faults.ts';
import { automaticNames } from './automatic-names.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { showUnrun, type Unrun } from './show-unrun.ts';

/** Most faults in one row of the ledger; the check has more. */
const maxFaultsTold = 20;
/** Tasks of the installation among which the last one of the repository is looked for. */
const maxTasks = 1_000;

/** A policy that is wrong ends the checks: nothing runs, and nobody waits for what will not come. */
export async function showFaults(
  context: Context,
  occasion: Pick<Unrun, 'repository' | 'pullRequest' | 'deliveryId'>,
  faults: readonly PolicyFault[],
): Promise<void> {
  const { repository, pullRequest, deliveryId } = occasion;
  const { repositoryId } = repository;
  const told = faults.slice(0, maxFaultsTold).map((fault) => describeFault(fault).slice(0, 500));
  await context.ledger.append({
    type: 'policy.refused',
    taskId: null,
    data: { deliveryId, repositoryId, pullRequest: pullRequest.number, faults: told },
  });
  const view = planFaults(faults, pullRequest.baseRef);
  for (const task of await namesWithoutPolicy(context, repository, pullRequest.number)) {
    await showUnrun(context, { ...occasion, name: checkName(context, task), view });
  }
}

/**
 * Tasks that may have a required check there, while the policy that would say so is wrong: `review`, what has started
 * by itself on this pull request, and what the last policy that was in force in the repository starts by itself.
 */
async function namesWithoutPolicy(
  context: Context,
  repository: RepositoryRef,
  number: number,
): Promise<readonly string[]> {
  const { repositoryId } = repository;
  const here = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const own = here.filter(({ isAutomatic }) => isAutomatic).map(({ name }) => name);
  const last = here.at(0) ?? (await lastTaskIn(context, repository));
  const before = last === undefined ? [] : await namesAt(context, last);
  return [...new Set(['review', ...own, ...before])];
}

async function lastTaskIn(
  { store }: Context,
  { installationId, repositoryId }: RepositoryRef,
): Promise<Task | undefined> {
  const newest = await store.tasks.ofInstallation(installationId, TaskState.options, maxTasks);
  return newest.find((task) => task.repository.repositoryId === repositoryId);
}

/** By the policy that the task was planned with. */
async function namesAt({ policies }: Context, task: Task): Promise<readonly string[]> {
  try {
    return automaticNames(await policies.byDigest(task.policyDigest));
  } catch (error) {
    // Nothing is kept of it any more.
    if (!hasCode(error, 'store.corrupt')) throw error;
    return [];
  }
}
