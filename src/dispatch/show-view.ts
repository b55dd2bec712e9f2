import type { Task } from '../domain/task.ts';
import type { CheckView } from '../report/plan-state.ts';
import type { Context } from './context.ts';
import { tellOnIssue } from './show-on-issue.ts';

/**
 * Shows a passing state of a task where people look for it: in its check run, which may not be there yet, or on
 * its issue. @throws SallyportError `github.*`
 */
export async function showView(context: Context, task: Task, view: CheckView): Promise<void> {
  if (task.subjectKind === 'issue') {
    await tellOnIssue(context, task, view);
    return;
  }
  if (task.checkRunId === null) return;
  const { state, output } = view;
  await context.github.checkRuns.update(task.repository, task.checkRunId, { state, output });
}
