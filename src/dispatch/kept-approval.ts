import { readPerson } from '../approval/read-person.ts';
import { isAnalyser } from '../domain/analysers.ts';
import type { Approval } from '../domain/approval.ts';
import type { CommitSha, TaskId } from '../domain/ids.ts';
import { type Task, TaskState } from '../domain/task.ts';
import { isFromGitHub } from '../errors.ts';
import { approvalAgeMs } from '../policy/decide/gate.ts';
import { mayRun } from '../policy/decide/people.ts';
import { rulesOf } from '../policy/rules-of.ts';
import { isTakenBack } from './cancel-reason.ts';
import type { Context } from './context.ts';
import type { Planned } from './entry.ts';
import { keptSubject } from './kept-subject.ts';

/** The approval of an earlier head's run that lets this one start. */
export interface KeptApproval {
  readonly taskId: TaskId;
  readonly headSha: CommitSha;
  /** Who gave it: the numeric id. */
  readonly by: number;
}

/** Approved heads whose trees are asked for: two requests each at most. */
const maxLooks = 3;

/**
 * The approval that a push left standing: of a run of the same task on a head with the very same tree, as
 * after an amended message. The base has to be the same too, since the diff and the policy come from there, and the title
 * and text where the agent reads them.
 * Whoever gave it must still be one who may, and nobody may have cancelled a run of the task since. Undefined where
 * there is none, and where GitHub does not tell.
 */
export async function keptApproval(
  context: Context,
  planned: Planned,
  name: string,
): Promise<KeptApproval | undefined> {
  try {
    for (const [task, approval] of await approvedRuns(context, planned, name)) {
      if (!(await isSameText(context, planned, task))) continue;
      if (!(await isSameTree(context, planned, task.headSha))) continue;
      if (!(await mayStill(context, planned, { name, approval }))) continue;
      return { taskId: task.id, headSha: task.headSha, by: approval.by.id };
    }
  } catch (error) {
    if (!isFromGitHub(error)) throw error;
    const { headSha } = planned.pullRequest;
    context.log.warn({ headSha, err: error }, 'trees could not be compared; the run waits');
  }
  return undefined;
}

async function approvedRuns(
  { store, clock }: Context,
  { repository, pullRequest, loaded }: Planned,
  name: string,
): Promise<readonly (readonly [Task, Approval])[]> {
  const { repositoryId } = repository;
  const all = await store.tasks.ofPullRequest(repositoryId, pullRequest.number, TaskState.options);
  const { headSha, baseSha } = pullRequest;
  const named = all.filter((task) => task.name === name);
  const sinceMs = clock.nowMs() - approvalAgeMs(rulesOf(loaded.policy, name));
  const takenBackAtMs = Math.max(-1, ...named.filter(isTakenBack).map((task) => task.updatedAtMs));
  const approved: (readonly [Task, Approval])[] = [];
  for (const task of named) {
    if (task.baseSha !== baseSha || task.headSha === headSha) continue;
    const approvals = await store.approvals.ofTask(task.id);
    const last = approvals.findLast(({ gate }) => gate === 'run');
    if (last?.decision !== 'approve' || last.atMs < sinceMs || last.atMs <= takenBackAtMs) continue;
    approved.push([task, last]);
    if (approved.length === maxLooks) break;
  }
  return approved;
}

/** Would the agent be told what it was told then? The policy may name another one by now. */
async function isSameText(
  context: Context,
  { pullRequest, loaded }: Planned,
  task: Task,
): Promise<boolean> {
  if (isAnalyser(rulesOf(loaded.policy, task.name).agent)) return true;
  const kept = await keptSubject(context, task);
  return kept?.title === pullRequest.title && kept.body === pullRequest.body;
}

async function isSameTree(
  { github }: Context,
  { repository, pullRequest }: Planned,
  approvedSha: CommitSha,
): Promise<boolean> {
  const approved = await github.commits.treeOf(repository, approvedSha);
  return approved === (await github.commits.treeOf(repository, pullRequest.headSha));
}

async function mayStill(
  { github }: Context,
  { repository, pullRequest, loaded }: Planned,
  { name, approval }: { readonly name: string; readonly approval: Approval },
): Promise<boolean> {
  const rules = rulesOf(loaded.policy, name);
  const question = { repository, who: approval.by, pullRequest, whos: rules.run };
  return mayRun(rules, await readPerson(github, question)).allowed;
}
