import { readSubject } from '../approval/read-subject.ts';
import { keepRequesters } from '../approval/requesters.ts';
import { type DeliveryId, taskIdFor } from '../domain/ids.ts';
import type { Parameters } from '../domain/parameters.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';
import { isEnded, type SubjectKind, type Task, type TaskState } from '../domain/task.ts';
import type { LoadedPolicy } from '../policy/policies.ts';
import { kindOfTask, rulesOf } from '../policy/rules-of.ts';
import type { PullRequest } from '../ports/github.ts';
import { planQueued } from '../report/plan-state.ts';
import { type AskedWork, keepAsked, keptAsked, nothingAsked } from './asked-work.ts';
import { keepBase } from './base-branch.ts';
import { type Context, enqueuePublish, enqueueRun } from './context.ts';
import { supersedeOlder } from './end-task.ts';
import { ensureCheckRun } from './ensure-check-run.ts';
import type { KeptApproval } from './kept-approval.ts';
import { keepSubject } from './kept-subject.ts';
import { keepInstructions } from './policy-instructions.ts';
import { keepPolicy } from './policy-record.ts';
import { tellOnIssue } from './show-on-issue.ts';

/** What a task is made from. */
export interface TaskRequest {
  /** Of the policy's tasks. */
  readonly name: string;
  /** The policy in force; the task goes by it from now on. */
  readonly policy: LoadedPolicy;
  readonly repository: RepositoryRef;
  /** What `pullRequest` is; a pull request when left out. */
  readonly subjectKind?: SubjectKind;
  /** The pull request, or the issue in its terms. */
  readonly pullRequest: PullRequest;
  readonly cause: DeliveryId;
  readonly requestedBy: Actor;
  readonly instructions: string | null;
  /** What the policy lets the task be started with; nothing when left out. */
  readonly parameters?: Parameters;
  /** What it is to work on; nothing in particular when left out, or what that task was asked that it repeats. */
  readonly asked?: AskedWork;
  /** The task that this one repeats, with instructions that others may have given. */
  readonly again?: Task;
  /** It starts by itself: quiet hours hold it up. */
  readonly isAutomatic?: boolean;
  /** Gate 1 holds it until somebody lets it run. */
  readonly held: boolean;
  /** The approval of an earlier head on which it stands, where gate 1 would have held it. */
  readonly kept?: KeptApproval;
}

/**
 * Makes the task, supersedes what it replaces, shows its check run and queues it.
 * Every step is idempotent, so a delivery that is planned twice makes one task and one check run.
 */
export async function createTask(context: Context, request: TaskRequest): Promise<Task> {
  const planned = newTask(context, request);
  const known = await context.store.tasks.get(planned.id);
  if (known === undefined) {
    const rules = rulesOf(request.policy.policy, request.name);
    await keepPolicy(context.store.artifacts, request.policy.policy);
    const instructionsDigest = await keepInstructions(context, {
      taskId: planned.id,
      repository: request.repository,
      baseRef: request.pullRequest.baseRef,
      rules,
    });
    const subjectDigest = await keepSubject(context, { taskId: planned.id, ...request, rules });
    await keepBase(context, planned.id, request.pullRequest.baseRef);
    const { again } = request;
    const asked = request.asked ?? (await askedBefore(context, again));
    const askedDigest = await keepAsked(context, planned.id, asked);
    const before =
      again === undefined ? [] : await keepRequesters(context.store, planned.id, again);
    const data = { ...planData(planned, request), requestedBefore: before };
    const digests = { instructionsDigest, subjectDigest, askedDigest };
    const event = { type: 'task.planned', taskId: planned.id, data: { ...data, ...digests } };
    await context.store.tasks.insert(planned, event);
  }
  const stored = known ?? planned;
  // A delivery that is planned again ends nothing in the name of a task that has ended itself.
  if (!isEnded(stored.state)) {
    const { headSha } = await readSubject(context.github, stored);
    await supersedeOlder(context, stored, headSha);
  }
  const task = await context.turns.take(stored.id, () => ensureCheckRun(context, stored));
  if (task.state === 'queued') await queueRun(context, task);
  else await enqueuePublish(context, task);
  return task;
}

function askedBefore(context: Context, again: Task | undefined): Promise<AskedWork> {
  return again === undefined ? Promise.resolve(nothingAsked) : keptAsked(context, again.id);
}

/** Told first on an issue, or a runner might have said already that it runs. */
async function queueRun(context: Context, task: Task): Promise<void> {
  if (task.subjectKind === 'issue' && !task.isAutomatic)
    await tellOnIssue(context, task, planQueued(task));
  await enqueueRun(context, task);
}

function newTask(context: Context, request: TaskRequest): Task {
  const state: TaskState = request.held ? 'awaiting-run-approval' : 'queued';
  const nowMs = context.clock.nowMs();
  return {
    id: taskIdFor(request.cause, request.name),
    name: request.name,
    kind: kindOfTask(request.name, rulesOf(request.policy.policy, request.name)),
    state,
    repository: request.repository,
    subjectKind: request.subjectKind ?? 'pull-request',
    pullRequest: request.pullRequest.number,
    headSha: request.pullRequest.headSha,
    baseSha: request.pullRequest.baseSha,
    cause: request.cause,
    instructions: request.instructions,
    parameters: request.parameters ?? {},
    requestedBy: request.requestedBy,
    isAutomatic: request.isAutomatic ?? false,
    policyDigest: request.policy.digest,
    checkRunId: null,
    checkConcluded: false,
    attempt: 1,
    runnerId: null,
    inputDigest: null,
    imageDigest: null,
    outcomeDigest: null,
    patchDigest: null,
    reason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

function planData(task: Task, { kept }: TaskRequest) {
  return {
    name: task.name,
    kind: task.kind,
    state: task.state,
    deliveryId: task.cause,
    repositoryId: task.repository.repositoryId,
    subjectKind: task.subjectKind,
    pullRequest: task.pullRequest,
    headSha: task.headSha,
    baseSha: task.baseSha,
    requestedBy: task.requestedBy.id,
    parameters: task.parameters,
    policyDigest: task.policyDigest,
    ...(kept === undefined ? {} : { standsOn: { ...kept } }),
  };
}
