import { isEnded, liveStates, TaskState } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { type PullRequestFacts, triggersOf } from '../policy/decide/triggers.ts';
import type { PullRequestEvent } from '../policy/document/triggers.ts';
import { describeFault, type PolicyFault } from '../policy/fault.ts';
import type { PullRequest } from '../ports/github.ts';
import { planFaults } from '../report/policy-faults.ts';
import type { Context } from './context.ts';
import { createTask } from './create-task.ts';
import { endTask } from './end-task.ts';
import { entriesOf } from './entry.ts';
import { showUnrun, type Unrun } from './show-unrun.ts';

/** Most faults in one row of the ledger; the check has more. */
const maxFaultsTold = 20;

type PullRequestTrigger = Extract<Trigger, { type: 'pull-request' }>;

/** Starts what the policy starts on this action; a closed pull request ends its tasks. */
export async function onPullRequest(context: Context, trigger: PullRequestTrigger): Promise<void> {
  const { action, repository, number } = trigger;
  // What the payload says may be hours old by now; GitHub itself is asked.
  const pullRequest = await context.github.pullRequests.get(repository, number);
  if (pullRequest.state === 'closed') {
    // A late "closed" must not end the tasks of a pull request that was opened again.
    if (action === 'closed') await endAll(context, trigger);
    return;
  }
  if (action === 'closed' || (await isPaused(context, trigger))) return;
  await startOn(context, trigger, { event: action, pullRequest });
}

/** Starts on the present head what a push of it would have started, unless that has been done. */
export async function startUnasked(context: Context, occasion: Occasion): Promise<void> {
  const pullRequest = await context.github.pullRequests.get(occasion.repository, occasion.number);
  if (pullRequest.state === 'closed') return;
  await startOn(context, occasion, { event: 'synchronize', pullRequest });
}

/** What a task that nobody asked for is planned from. */
type Occasion = Pick<PullRequestTrigger, 'repository' | 'number' | 'deliveryId' | 'sender'>;

interface Happened {
  readonly event: PullRequestEvent;
  readonly pullRequest: PullRequest;
}

async function startOn(context: Context, occasion: Occasion, happened: Happened): Promise<void> {
  const { repository } = occasion;
  const { event, pullRequest } = happened;
  const reading = await context.policies.inForce({ repository, baseRef: pullRequest.baseRef });
  if (!reading.ok) return showFaults(context, { ...occasion, pullRequest }, reading.faults);
  const { loaded } = reading;
  const starts = triggersOf(loaded.policy, factsOf(happened, context.clock.nowMs()));
  const names = starts.flatMap(({ outcome, task }) => (outcome === 'stays' ? [] : [task]));
  if (names.length === 0) return;
  const entries = await entriesOf(context, { repository, pullRequest, loaded, names });
  for (const [name, { outcome }] of entries) {
    // A success on a base that hides the changes must not stand for another base.
    const isDone =
      event !== 'retargeted' && (await isStarted(context, occasion, { name, pullRequest }));
    if (isDone || outcome === 'refuse') continue;
    await createTask(context, {
      name,
      repository,
      pullRequest,
      policy: loaded,
      cause: occasion.deliveryId,
      requestedBy: occasion.sender,
      instructions: null,
      held: outcome === 'wait',
    });
  }
}

/** A policy that is wrong ends the check: nothing runs, and nobody waits for what will not come. */
async function showFaults(
  context: Context,
  at: Pick<Unrun, 'repository' | 'pullRequest' | 'deliveryId'>,
  faults: readonly PolicyFault[],
): Promise<void> {
  const { repository, pullRequest, deliveryId } = at;
  const { repositoryId } = repository;
  const told = faults.slice(0, maxFaultsTold).map((fault) => describeFault(fault).slice(0, 500));
  await context.ledger.append({
    type: 'policy.refused',
    taskId: null,
    data: { deliveryId, repositoryId, pullRequest: pullRequest.number, faults: told },
  });
  const { name } = context.policies.operator.policy.check;
  await showUnrun(context, { ...at, name, view: planFaults(faults, pullRequest.baseRef) });
}

function factsOf({ event, pullRequest }: Happened, atMs: number): PullRequestFacts {
  const { baseRef: baseBranch, labels, isDraft } = pullRequest;
  return { event, baseBranch, paths: null, labels, isDraft, atMs };
}

/** Did somebody ask that nothing starts by itself here? Recorded, so that a missing check has a reason. */
async function isPaused(context: Context, trigger: PullRequestTrigger): Promise<boolean> {
  const { number, deliveryId, repository } = trigger;
  const { repositoryId } = repository;
  if (!(await context.store.pauses.isPaused({ repositoryId, number }))) return false;
  const data = { deliveryId, repositoryId, pullRequest: number };
  await context.ledger.append({ type: 'delivery.paused', taskId: null, data });
  return true;
}

/** One automatic task of a name a head: redelivered and repeated events do not start it again. */
async function isStarted(
  context: Context,
  { repository, number, deliveryId }: Occasion,
  { name, pullRequest }: { readonly name: string; readonly pullRequest: PullRequest },
): Promise<boolean> {
  const { repositoryId } = repository;
  const tasks = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  // The newest decides, since its check is what GitHub shows: an older success does not stand behind it.
  const newest = tasks.find(
    (task) =>
      task.name === name && task.headSha === pullRequest.headSha && task.cause !== deliveryId,
  );
  return newest !== undefined && (newest.state === 'done' || !isEnded(newest.state));
}

async function endAll(context: Context, trigger: PullRequestTrigger): Promise<void> {
  const live = await context.store.tasks.ofPullRequest(
    trigger.repository.repositoryId,
    trigger.number,
    liveStates,
  );
  for (const task of live) {
    await endTask(context, task, { state: 'cancelled', reason: 'pull-request:closed' });
  }
}
