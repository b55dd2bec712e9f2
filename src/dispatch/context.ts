import { z } from 'zod';
import type { ApprovalContext } from '../approval/context.ts';
import { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { hasCode } from '../errors.ts';
import type { Policies } from '../policy/policies.ts';
import { rulesOf } from '../policy/rules-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHub } from '../ports/github.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { JobQueue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import { keepSubject } from './kept-subject.ts';
import { keepInstructions } from './policy-instructions.ts';
import { keepPolicy } from './policy-record.ts';
import type { Turns } from './turns.ts';

/** Job of the queue `tasks`: run this attempt of this task. */
export const TaskJob = z.strictObject({ taskId: TaskId, attempt: z.int().min(1) });
export type TaskJob = z.infer<typeof TaskJob>;

/** Job of the queue `publish`: make GitHub show what the store says of this task. */
export const PublishJob = z.strictObject({ taskId: TaskId });
export type PublishJob = z.infer<typeof PublishJob>;

/** The three queues. */
export interface Queues {
  readonly deliveries: JobQueue<Trigger>;
  readonly tasks: JobQueue<TaskJob>;
  readonly publish: JobQueue<PublishJob>;
}

/** What every use case of the control plane works with. */
export interface Context {
  readonly github: GitHub;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly log: Log;
  /** Keeps two jobs of this process from settling one task at once. */
  readonly turns: Turns;
}

/** How often a job is added while the queue is away, and the pause in between, ms. */
const maxAdds = 10;
const addAgainMs = 1_000;

/** Queues the run of a task's present attempt. Adding it twice is a no-op. */
export async function enqueueRun(context: Context, task: Task): Promise<void> {
  const { id: taskId, attempt } = task;
  const add = () => context.queues.tasks.add(`${taskId}-${attempt}`, { taskId, attempt });
  await patiently(context, add);
}

/** Queues the publishing of a task's present state. Adding it twice is a no-op. */
export async function enqueuePublish(context: Context, task: Task): Promise<void> {
  const id = `${task.id}-${task.attempt}-${task.state}`;
  await patiently(context, () => context.queues.publish.add(id, { taskId: task.id }));
}

/**
 * A task that has moved and has no job waits for `reconcile`, a minute at worst. A Redis that was killed is back
 * within seconds, so it is asked again for a while first.
 */
async function patiently({ clock }: Context, add: () => Promise<void>): Promise<void> {
  for (let left = maxAdds - 1; ; left -= 1) {
    try {
      return await add();
    } catch (error) {
      if (left === 0 || !hasCode(error, 'queue.unavailable')) throw error;
    }
    await clock.after(addAgainMs);
  }
}

/** Queues the publishing once more, for a view that may have overtaken the one that counts. */
export async function publishAgain(context: Context, task: Task): Promise<void> {
  await context.store.tasks.patch(task.id, { checkConcluded: false });
  const id = `${task.id}-${task.attempt}-${task.state}-again`;
  await context.queues.publish.add(id, { taskId: task.id });
}

/** The context as the gates see it: what follows a decision is queued here. */
export function approvalContext(context: Context): ApprovalContext {
  return {
    ...context,
    keepPlan: async ({ id: taskId, name, repository }, policy, baseRef) => {
      await keepPolicy(context.store.artifacts, policy);
      const rules = rulesOf(policy, name);
      await keepInstructions(context, { taskId, repository, baseRef, rules });
    },
    keepSubject: ({ id: taskId }, rules, pullRequest) =>
      keepSubject(context, { taskId, rules, pullRequest }),
    decided: (task) =>
      task.state === 'queued' ? enqueueRun(context, task) : enqueuePublish(context, task),
    counted: async (task, approvals) => {
      await context.store.tasks.patch(task.id, { checkConcluded: false });
      const id = `${task.id}-${task.attempt}-${task.state}-counted-${approvals}`;
      await context.queues.publish.add(id, { taskId: task.id });
    },
  };
}
