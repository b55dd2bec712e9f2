import { setImmediate } from 'node:timers/promises';
import type { DeliveryId } from '../domain/ids.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';
import { TaskState } from '../domain/task.ts';
import { type Start, triggerOf } from '../policy/decide/triggers.ts';
import type { PullRequestEvent } from '../policy/document/triggers.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import type { LoadedPolicy } from '../policy/policies.ts';
import { rulesOf } from '../policy/rules-of.ts';
import type { PullRequest } from '../ports/github.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { createTask } from './create-task.ts';
import { entriesOf, type Planned } from './entry.ts';
import { isStarted } from './is-started.ts';
import { keptApproval } from './kept-approval.ts';
import { whyNoMore } from './loop-guard.ts';
import { showDraft } from './show-draft.ts';
import { showFaults } from './show-faults.ts';
import { showPaused } from './show-paused.ts';
import { refusedView, showRefused } from './show-refused.ts';
import { showUnrun } from './show-unrun.ts';

/** Something that happened to an open pull request, and who did it. */
export interface Occasion {
  readonly repository: RepositoryRef;
  readonly pullRequest: PullRequest;
  readonly deliveryId: DeliveryId;
  readonly sender: Actor;
  readonly event: PullRequestEvent;
  /** Somebody asked that nothing starts by itself here: the checks say so. */
  readonly isPaused?: boolean;
}

/**
 * Starts what the policy starts by itself; of what it does not start, the check says why where one would wait.
 * Returns whether there was a policy to go by.
 */
export async function startOnEvent(context: Context, occasion: Occasion): Promise<boolean> {
  const { repository, pullRequest } = occasion;
  const reading = await context.policies.inForce({ repository, baseRef: pullRequest.baseRef });
  if (reading.ok) await startBy(context, occasion, reading.loaded);
  else await showFaults(context, occasion, reading.faults);
  return reading.ok;
}

async function startBy(context: Context, occasion: Occasion, loaded: LoadedPolicy): Promise<void> {
  const starts = await startsOf(context, occasion, loaded.policy);
  for (const start of starts.filter(({ outcome }) => outcome === 'stays')) {
    if (isSkipped(start)) await skip(context, occasion, { ...start, policy: loaded.policy });
  }
  const names = starts.flatMap(({ outcome, task }) => (outcome === 'stays' ? [] : [task]));
  const fresh = [];
  for (const name of names)
    if (!(await isStarted(context, { ...occasion, loaded }, name))) fresh.push(name);
  if (fresh.length === 0) return;
  if (occasion.isPaused) return showPaused(context, occasion, fresh);
  const refusal = await whyNoMore(context, occasion, loaded.policy);
  if (refusal === undefined)
    return startFresh(context, occasion, { ...occasion, loaded, names: fresh });
  for (const name of fresh) {
    const place = { ...occasion, name: checkName(context, name) };
    await showRefused(context, place, { reason: refusal, conclusion: 'action_required' });
  }
}

async function startFresh(
  context: Context,
  occasion: Occasion,
  planned: Planned & { readonly names: readonly string[] },
): Promise<void> {
  const { repository, pullRequest, deliveryId: cause, sender: requestedBy } = occasion;
  for (const [name, entry] of await entriesOf(context, planned)) {
    if (entry.outcome === 'refuse') {
      // Not as skipped: that would pass a required check.
      const { reason } = entry;
      const refused = { ...occasion, name: checkName(context, name) };
      await showRefused(context, refused, { reason, conclusion: 'failure' });
      continue;
    }
    const place = { repository, pullRequest, policy: planned.loaded, cause, requestedBy };
    const kept = entry.outcome === 'wait' ? await keptApproval(context, planned, name) : undefined;
    const held = entry.outcome === 'wait' && kept === undefined;
    const request = { ...place, name, instructions: null, isAutomatic: true, held };
    await createTask(context, kept === undefined ? request : { ...request, kept });
  }
}

/** Changed files are asked for only where a task of this event looks at them. */
async function startsOf(
  context: Context,
  { repository, pullRequest, event }: Occasion,
  policy: EffectivePolicy,
): Promise<readonly Start[]> {
  const { baseRef: baseBranch, labels, isDraft, number } = pullRequest;
  const looks = Object.values(policy.tasks).some(
    ({ enabled, triggers: { events, paths, ignorePaths } }) =>
      enabled && events.includes(event) && paths.length + ignorePaths.length > 0,
  );
  const { pullRequests } = context.github;
  const paths = looks ? await pullRequests.changedPaths(repository, number) : null;
  const atMs = context.clock.nowMs();
  const facts = { event, baseBranch, paths, labels, isDraft, atMs };
  const starts: Start[] = [];
  for (const name of Object.keys(policy.tasks)) {
    starts.push(triggerOf(policy, name, facts));
    // Thousands of paths are compared with the globs of each task: others have their turn between two.
    if (paths !== null) await setImmediate();
  }
  return starts;
}

/** What a task says by which it starts on no pull request of this event: it has no check there. */
const nowhere = ['enabled', 'purpose', 'triggers.events'];

/** Would it start on this event, but not on this pull request? Then nobody else ends its check. */
function isSkipped({ task, rule }: Start): boolean {
  return nowhere.every((key) => rule !== `tasks.${task}.${key}`);
}

type Stay = Start & { readonly policy: EffectivePolicy };

/**
 * Only where no task of this name was on this head, nor was one refused there: a skipped one must not stand over
 * that. A draft's check passes nothing: it could be merged before anybody has looked at it as ready.
 */
async function skip(context: Context, occasion: Occasion, stay: Stay): Promise<void> {
  const { task, reason, rule, policy } = stay;
  const { repository, pullRequest } = occasion;
  const tasks = await context.store.tasks.ofPullRequest(
    repository.repositoryId,
    pullRequest.number,
    TaskState.options,
  );
  if (tasks.some(({ name, headSha }) => name === task && headSha === pullRequest.headSha)) return;
  const name = checkName(context, task);
  if (rule.endsWith('.triggers.drafts')) return showDraft(context, { ...occasion, name }, rule);
  const { skipped: conclusion } = rulesOf(policy, task).conclusion;
  const skipped = planUnrun({ title: 'Nothing to do', reason, rule, conclusion });
  const view = (await refusedView(context, { ...occasion, name })) ?? skipped;
  await showUnrun(context, { ...occasion, name, view });
}
