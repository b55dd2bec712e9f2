import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import { rulesOf } from '../policy/rules-of.ts';
import type { NewPullRequest } from '../ports/issues.ts';
import { pullRequestText } from '../report/pull-request-text.ts';
import type { ApprovalContext } from './context.ts';
import { issueBranch } from './read-subject.ts';
import { writeApprovals } from './write-approvals.ts';

/**
 * Opens the pull request of a task whose approved patch is on its branch; its number. Once a task: after a crash,
 * and where GitHub says that there is one, it is looked for by the branch, which has the task's id in its name.
 * @throws SallyportError `github.*`, `store.*`
 */
export async function openPullRequest(
  context: ApprovalContext,
  task: Task,
  outcome: Outcome,
): Promise<number> {
  const { steps } = context.store;
  const step = await steps.begin(task.id, 'pull-request');
  if (step.status === 'done') return Number(step.reference);
  const found = step.status === 'begun' ? await find(context, task) : undefined;
  const number = found ?? (await open(context, task, await wishFor(context, task, outcome)));
  await steps.finish(task.id, 'pull-request', String(number));
  return number;
}

function find({ github }: ApprovalContext, task: Task): Promise<number | undefined> {
  return github.issues.findPullRequest(task.repository, issueBranch(task));
}

/** A refusal may be the answer to a request whose first answer was lost, or that another process made. */
async function open(context: ApprovalContext, task: Task, wish: NewPullRequest): Promise<number> {
  try {
    return await context.github.issues.openPullRequest(task.repository, wish);
  } catch (error) {
    if (!hasCode(error, 'github.rejected')) throw error;
    const found = await find(context, task);
    if (found === undefined) throw error;
    return found;
  }
}

async function wishFor(
  context: ApprovalContext,
  task: Task,
  outcome: Outcome,
): Promise<NewPullRequest> {
  const { name, headSha } = await context.github.issues.defaultBranch(task.repository);
  // The approval holds under this policy alone, so it is the one that said what the approver was told.
  const { outputs } = rulesOf(await context.policies.byDigest(task.policyDigest), task.name);
  const given = await writeApprovals(context, task.id);
  const approvers = [...new Set(given.map(({ by }) => by.login))];
  const text = pullRequestText({ task, outcome, approvers, hasMoved: headSha !== task.baseSha });
  const isDraft = outputs.pullRequest === 'draft';
  return { branch: issueBranch(task), baseRef: name, isDraft, ...text };
}
