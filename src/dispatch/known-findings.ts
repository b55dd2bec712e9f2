import { readOutcome } from '../approval/read-outcome.ts';
import type { FindingRecord, Marks } from '../domain/finding-record.ts';
import { marksIn } from '../domain/fingerprint.ts';
import type { TaskId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import { maxPriorFindings, type PriorFinding } from '../protocol/task-input.ts';
import type { Context } from './context.ts';
import { pullRequestOf } from './finding-memory.ts';

/** A finding of an earlier task, as it was said last. */
export interface KnownFinding {
  readonly prior: PriorFinding;
  readonly marks: Marks;
}

type Ports = Pick<Context, 'store' | 'log'>;

/** Most earlier tasks whose outcomes are read: what is left open goes back to few. */
const maxOutcomes = 20;

/** What tasks of this task's name left open on the pull request, and what people dismissed of it. */
export function knownFindings(context: Ports, task: Task): Promise<readonly KnownFinding[]> {
  return foundBy(context, task, task.name);
}

/** The same of tasks by other names: what there is to mend, for a fix. */
export async function findingsOfOthers(
  context: Ports,
  task: Task,
  names: readonly string[],
): Promise<readonly KnownFinding[]> {
  const found: KnownFinding[] = [];
  for (const name of names)
    if (name !== task.name) found.push(...(await foundBy(context, task, name)));
  return found;
}

/** With the words of the task that saw it last; the newest, where it is much. */
async function foundBy(context: Ports, task: Task, name: string): Promise<readonly KnownFinding[]> {
  const records = await context.store.findings.ofPullRequest(pullRequestOf(task), name);
  const outcomes = new Map<TaskId, Outcome | undefined>();
  const known: KnownFinding[] = [];
  for (const record of records.toReversed()) {
    if (record.state === 'fixed' || known.length >= maxPriorFindings) continue;
    const { lastTask } = record;
    if (!outcomes.has(lastTask) && outcomes.size < maxOutcomes)
      outcomes.set(lastTask, await outcomeOf(context, lastTask));
    const finding = saidIn(outcomes.get(lastTask), record);
    if (finding !== undefined) known.push({ prior: finding, marks: record.marks });
  }
  return known.toReversed();
}

/** Undefined as well for one that is lost: what is known of it is less, and the run that waits for it goes on. */
async function outcomeOf({ store, log }: Ports, id: TaskId): Promise<Outcome | undefined> {
  const task = await store.tasks.get(id);
  if (task === undefined || task.outcomeDigest === null) return undefined;
  try {
    return await readOutcome(store.artifacts, task);
  } catch (error) {
    if (!hasCode(error, 'store.corrupt')) throw error;
    log.warn({ taskId: id, err: error }, 'an earlier outcome is lost; its findings are not told');
    return undefined;
  }
}

/** Undefined for a change that no finding spoke of. */
function saidIn(
  outcome: Outcome | undefined,
  { id, path, marks, state }: FindingRecord,
): PriorFinding | undefined {
  if (outcome === undefined) return undefined;
  const of = marksIn(outcome);
  const finding = outcome.findings.find((one, at) => {
    const { key, near } = of[at] as Marks;
    return one.path === path && key === marks.key && near === marks.near;
  });
  if (finding === undefined) return undefined;
  const { tool, rule, severity, range, message } = finding;
  const place = range === undefined ? { path } : { path, range };
  const said = state === 'dismissed' ? 'dismissed' : 'open';
  return { id, state: said, tool, rule, severity, ...place, message };
}
