import { Digest, type TaskId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { parsedJson } from '../domain/parsed-json.ts';
import type { Task } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { OwnThread } from '../ports/review-threads.ts';
import { parseHunks } from '../report/diff-hunks.ts';
import { type PlannedInline, planInline } from '../report/inline/plan-inline.ts';
import { nothingInline, PublishPlan } from '../report/inline/publish-plan.ts';
import type { FileSides } from '../report/patch-text.ts';
import { goneCodes } from '../report/publish.ts';
import type { Context } from './context.ts';
import { inFindingsTurn, pullRequestOf, readRecords } from './finding-memory.ts';
import { isOvertaken } from './is-overtaken.ts';
import { planStep } from './plan-step.ts';
import { readDismissals } from './read-dismissals.ts';
import { readWaivers } from './waivers.ts';

/** A task that ran, and the files that it changes. */
export interface Ran {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
  readonly files: ReadonlyMap<string, FileSides>;
}

/**
 * What a review says on the diff: decided the first time, from what earlier reviews found and what people made of it,
 * and the same ever after. The plan and the memory that it leaves are stored together, before anything of it is done.
 */
export async function planOnce(context: Context, ran: Ran): Promise<PublishPlan> {
  const { task } = ran;
  if (task.kind !== 'review') return nothingInline;
  return inFindingsTurn(context, task, async () => {
    const kept = await context.store.steps.find(task.id, planStep);
    return kept === undefined ? planNow(context, ran) : readPlan(context, task, kept);
  });
}

async function planNow(context: Context, ran: Ran): Promise<PublishPlan> {
  const { task } = ran;
  const { artifacts, findings } = context.store;
  const pullRequest = pullRequestOf(task);
  const { plan, records, forgotten } = (await isOvertaken(context.store, task))
    ? { plan: nothingInline, records: [], forgotten: [] }
    : await planFrom(context, ran);
  const reference = await artifacts.put(Buffer.from(JSON.stringify(plan)));
  const kept = await findings.putOnce(pullRequest, task.name, {
    records,
    forgotten,
    step: { taskId: task.id, name: planStep, reference },
  });
  return kept === reference ? plan : readPlan(context, task, kept);
}

async function planFrom(context: Context, ran: Ran): Promise<PlannedInline> {
  const { task, outcome } = ran;
  const { artifacts } = context.store;
  const threads = await threadsOf(context, task);
  await readDismissals(context, ran, threads);
  const known = await readRecords(context, task);
  return planInline({
    ...ran,
    hunks: parseHunks(await artifacts.get(outcome.diffDigest)),
    known,
    waivers: await readWaivers(context.store, pullRequestOf(task), known),
    threads,
  });
}

/** Threads that may not be read are none: what is known is in the store. @throws SallyportError to be tried again */
async function threadsOf({ github }: Context, task: Task): Promise<readonly OwnThread[]> {
  try {
    return await github.reviewThreads.list(task.repository, task.pullRequest);
  } catch (error) {
    if (error instanceof SallyportError && goneCodes.includes(error.code)) return [];
    throw error;
  }
}

/** What a task's review said on the diff; undefined where it was not planned. @throws SallyportError `store.corrupt` */
export async function keptPlan(
  { store }: Pick<Context, 'store'>,
  taskId: TaskId,
): Promise<PublishPlan | undefined> {
  const kept = await store.steps.find(taskId, planStep);
  return kept === undefined ? undefined : readPlan({ store }, { id: taskId }, kept);
}

async function readPlan(
  { store }: Pick<Context, 'store'>,
  task: Pick<Task, 'id'>,
  kept: string,
): Promise<PublishPlan> {
  const digest = Digest.safeParse(kept);
  const plan = digest.success ? parsePlan(await store.artifacts.get(digest.data)) : undefined;
  if (plan !== undefined) return plan;
  throw new SallyportError('store.corrupt', `the plan of task ${task.id} does not fit its schema`);
}

/** Undefined for what is no plan, or no JSON. */
function parsePlan(bytes: Uint8Array): PublishPlan | undefined {
  return PublishPlan.safeParse(parsedJson(Buffer.from(bytes).toString('utf8'))).data;
}
