import { readOutcome } from '../approval/read-outcome.ts';
import type { TaskId } from '../domain/ids.ts';
import { hasCode } from '../errors.ts';
import type { PriorFinding } from '../protocol/task-input.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { keptPlan } from './plan-once.ts';

/** A finding of the pull request by its id, as the task said it that saw it last; undefined where there is none. */
export async function findingNamed(
  context: Context,
  { repository, number, loaded }: Pick<CommandRequest, 'repository' | 'number' | 'loaded'>,
  id: string,
): Promise<PriorFinding | undefined> {
  const pullRequest = { repositoryId: repository.repositoryId, number };
  for (const name of Object.keys(loaded.policy.tasks)) {
    const records = await context.store.findings.ofPullRequest(pullRequest, name);
    const record = records.find((one) => one.id === id);
    if (record === undefined) continue;
    const said = await findingOf(context, record.lastTask, id);
    const { tool, rule, severity, path } = record;
    return said ?? { id, state: 'asked', tool, rule, severity, path, message: rule };
  }
  return undefined;
}

/** As the task's outcome has it, with its words and its lines. */
async function findingOf(
  context: Context,
  taskId: TaskId,
  id: string,
): Promise<PriorFinding | undefined> {
  const task = await context.store.tasks.get(taskId);
  if (task === undefined) return undefined;
  try {
    const at = (await keptPlan(context, taskId))?.ids.indexOf(id) ?? -1;
    if (at === -1) return undefined;
    const finding = (await readOutcome(context.store.artifacts, task)).findings[at];
    if (finding === undefined) return undefined;
    const { tool, rule, severity, path, range, message } = finding;
    const place = range === undefined ? {} : { range };
    return { id, state: 'asked', tool, rule, severity, path, message, ...place };
  } catch (error) {
    // What is known of it without its words is enough to look for it.
    if (hasCode(error, 'store.corrupt')) return undefined;
    throw error;
  }
}
