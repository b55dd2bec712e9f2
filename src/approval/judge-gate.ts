import type { Approval } from '../domain/approval.ts';
import type { Task } from '../domain/task.ts';
import { type GivenApproval, judgeApprovals } from '../policy/decide/gate.ts';
import type { Verdict } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { type OwnersOfPaths, ownerGroups } from '../policy/owners-of-paths.ts';
import type { PullRequest } from '../ports/github.ts';
import { readOwners } from './code-owner-facts.ts';
import type { ApprovalContext } from './context.ts';
import { filesOf, type GatedPatch } from './gate-patch.ts';
import { readPerson } from './read-person.ts';
import { requestersOf } from './requesters.ts';

/** A task whose patch waits, with the rules and the pull request as they are now. */
export interface GatedTask {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly pullRequest: PullRequest;
}

/**
 * Is gate 2 open for the task's patch? Everybody who has approved it is looked at again, with the permission,
 * teams and owned files of now. The caller has compared the bindings, and has read the patch.
 */
export async function judgeGate(
  context: ApprovalContext,
  gated: GatedTask,
  patch: GatedPatch,
): Promise<Verdict> {
  const { task, rules } = gated;
  const files = filesOf(patch);
  const paths = files.map(({ path }) => path);
  const groups = await ownersAsked(context, gated, paths);
  if (groups === null) {
    return { allowed: false, reason: 'Owners have to approve, and CODEOWNERS could not be read.' };
  }
  const approvals: GivenApproval[] = [];
  for (const approval of await standing(context, task)) {
    approvals.push(await givenBy(context, { ...gated, paths, groups }, approval));
  }
  const nowMs = context.clock.nowMs();
  return judgeApprovals(rules, { files, ownerGroups: groups }, { approvals, nowMs });
}

/** Groups of owners of which each has to approve; null when they could not be read. */
async function ownersAsked(
  { github }: ApprovalContext,
  { task, rules, pullRequest }: GatedTask,
  paths: readonly string[],
): Promise<OwnersOfPaths | null> {
  if (!rules.approvals.codeOwners) return [];
  const { baseRef } = pullRequest;
  const owners = await readOwners(github, { repository: task.repository, baseRef }, paths);
  return owners === null ? null : ownerGroups(owners);
}

/** Each person's last word on the patch, where that is yes. */
async function standing({ store }: ApprovalContext, task: Task): Promise<readonly Approval[]> {
  const all = (await store.approvals.ofTask(task.id)).filter(
    ({ gate, binding }) => gate === 'write' && binding.patchDigest === task.patchDigest,
  );
  const last = new Map(all.map((approval) => [approval.by.id, approval]));
  return [...last.values()].filter(({ decision }) => decision === 'approve');
}

async function givenBy(
  { github, store }: ApprovalContext,
  gated: GatedTask & { readonly paths: readonly string[]; readonly groups: OwnersOfPaths },
  { by, atMs }: Approval,
): Promise<GivenApproval> {
  const { task, rules, pullRequest, paths, groups } = gated;
  const { repository } = task;
  const question = { repository, who: by, pullRequest, whos: rules.approve, paths };
  const person = await readPerson(github, { ...question, needsOwners: groups.length > 0 });
  return { person, isRequester: (await requestersOf(store, task)).has(by.id), atMs };
}
