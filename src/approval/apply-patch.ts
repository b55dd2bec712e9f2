import { CommitSha } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { patchDigestOf } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { PullRequest } from '../ports/github.ts';
import { readAfter } from './after-bytes.ts';
import { voidedBy } from './binding.ts';
import { commitTrailer } from './commit-trailer.ts';
import type { ApprovalContext } from './context.ts';
import { gatePatch } from './gate-patch.ts';
import { judgeGate } from './judge-gate.ts';
import { openPullRequest } from './open-pull-request.ts';
import { presentRules } from './present-rules.ts';
import { readSubject } from './read-subject.ts';

/** How applying ended: a commit, or why there is none. */
export type Applied =
  | {
      readonly status: 'committed';
      readonly sha: CommitSha;
      /** The pull request that was opened with it, where the task is for an issue. */
      readonly pullRequest?: number;
    }
  | { readonly status: 'void'; readonly reason: string };

/**
 * Commits the approved patch to the pull request's branch; for an issue to a branch of its own, and opens a pull
 * request from there. Everything the approval rests on is checked again here: the binding,
 * the approver's permission, the patch's digest, the gate's own rules. GitHub then checks the head once
 * more (`expectedHeadOid`), so there is no moment in which a push slips in between.
 */
export async function applyPatch(
  context: ApprovalContext,
  task: Task,
  outcome: Outcome,
): Promise<Applied> {
  const applied = await commitApproved(context, task, outcome);
  if (applied.status === 'void' || task.subjectKind === 'pull-request') return applied;
  return { ...applied, pullRequest: await openPullRequest(context, task, outcome) };
}

async function commitApproved(
  context: ApprovalContext,
  task: Task,
  outcome: Outcome,
): Promise<Applied> {
  const pullRequest = await readSubject(context.github, task);
  const step = await context.store.steps.begin(task.id, 'commit');
  if (step.status === 'done') return { status: 'committed', sha: CommitSha.parse(step.reference) };
  const found = step.status === 'begun' ? await findCommit(context, task, pullRequest) : undefined;
  if (found === undefined) {
    const reason = await whyNot(context, { task, outcome, pullRequest });
    if (reason !== undefined) return { status: 'void', reason };
  }
  const sha = found ?? (await commitOnce(context, { task, outcome, pullRequest }));
  await context.store.steps.finish(task.id, 'commit', sha);
  return { status: 'committed', sha };
}

async function findCommit(
  context: ApprovalContext,
  task: Task,
  pullRequest: PullRequest,
): Promise<CommitSha | undefined> {
  const head = await headOf(context, task, pullRequest.headRef);
  const trailer = await commitTrailer(context.store, task);
  const isOurs = head?.parents[0] === task.headSha && head.message.split('\n').includes(trailer);
  return isOurs ? head.sha : undefined;
}

/** Undefined where there is no branch, as before the first try of a task for an issue. */
async function headOf({ github }: ApprovalContext, task: Task, branch: string) {
  try {
    return await github.commits.branchHead(task.repository, branch);
  } catch (error) {
    if (task.subjectKind === 'issue' && hasCode(error, 'github.not-found')) return undefined;
    throw error;
  }
}

/** What is about to be committed, and where. */
interface Application {
  readonly task: Task;
  readonly outcome: Outcome;
  readonly pullRequest: PullRequest;
}

async function whyNot(
  context: ApprovalContext,
  { task, outcome, pullRequest }: Application,
): Promise<string | undefined> {
  const approvals = await context.store.approvals.ofTask(task.id);
  const approval = approvals.findLast((one) => one.gate === 'write');
  if (approval?.decision !== 'approve') return 'there is no approval';
  const present = await presentRules(context, task, pullRequest);
  if (!present.ok) return present.reason;
  const voided = voidedBy(approval.binding, {
    repositoryId: task.repository.repositoryId,
    pullRequest: pullRequest.number,
    headSha: pullRequest.headSha,
    baseSha: pullRequest.baseSha,
    policyDigest: present.loaded.digest,
    patchDigest: patchDigestOf(outcome.changes),
    isOpen: pullRequest.state === 'open',
  });
  if (voided !== undefined) return voided;
  if (task.subjectKind === 'issue' && !(await isInHistory(context, task))) {
    return 'its commit is not in the default branch any more';
  }
  if (pullRequest.isFork) return 'the head is in a fork, to which the App cannot write';
  const patch = { ...outcome, afterBytes: await readAfter(context, outcome.changes) };
  const { rules } = present;
  if (gatePatch(rules, patch).status !== 'approvable') return 'the gate refuses the patch';
  const opened = await judgeGate(context, { task, rules, pullRequest }, patch);
  return opened.allowed ? undefined : opened.reason;
}

/** What was taken out of the history must not come back on a branch that starts there. */
function isInHistory({ github }: ApprovalContext, task: Task): Promise<boolean> {
  return github.issues.isOnDefaultBranch(task.repository, task.headSha);
}

/**
 * Commits, and takes a head that moved to our own commit for what it is: an answer that was lost, or
 * another process that settled the task in the same moment. Neither may be reported as "nothing written".
 */
async function commitOnce(context: ApprovalContext, application: Application): Promise<CommitSha> {
  try {
    return await commit(context, application);
  } catch (error) {
    if (!hasCode(error, 'github.stale-head')) throw error;
    const ours = await findCommit(context, application.task, application.pullRequest);
    if (ours === undefined) throw error;
    return ours;
  }
}

async function commit(
  context: ApprovalContext,
  { task, outcome, pullRequest }: Application,
): Promise<CommitSha> {
  const afterBytes = await readAfter(context, outcome.changes);
  const additions = [...afterBytes].map(([path, bytes]) => ({ path, bytes }));
  if (task.subjectKind === 'issue') {
    const { headRef } = pullRequest;
    await context.github.issues.createBranch(task.repository, headRef, task.headSha);
  }
  const trailer = await commitTrailer(context.store, task);
  const deletions = outcome.changes
    .filter((change) => change.after === null)
    .map(({ path }) => path);
  return context.github.commits.commitOnBranch(task.repository, {
    branch: pullRequest.headRef,
    expectedHeadSha: task.headSha,
    headline: `Apply fixes to ${outcome.changes.length} ${outcome.changes.length === 1 ? 'file' : 'files'}`,
    body: `Approved on ${task.subjectKind === 'issue' ? 'issue' : 'pull request'} ${task.pullRequest}.\n\n${trailer}`,
    additions,
    deletions,
  });
}
