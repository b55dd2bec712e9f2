import type { Gate } from '../domain/approval.ts';
import type { Digest } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { PullRequest } from '../ports/github.ts';
import { bindingOf, voidedBy } from './binding.ts';

/** The gate at which a task waits; undefined when it waits for nobody. */
export function gateOf({ state }: Pick<Task, 'state'>): Gate | undefined {
  if (state === 'awaiting-run-approval') return 'run';
  return state === 'awaiting-approval' ? 'write' : undefined;
}

/** Why an approval of `task` at `gate` would be void right now; undefined while it would hold. */
export function whyVoid(
  task: Task,
  gate: Gate,
  now: { readonly pullRequest: PullRequest; readonly policyDigest: Digest },
): string | undefined {
  const { pullRequest, policyDigest } = now;
  return voidedBy(bindingOf(task, gate), {
    repositoryId: task.repository.repositoryId,
    pullRequest: pullRequest.number,
    headSha: pullRequest.headSha,
    baseSha: pullRequest.baseSha,
    policyDigest,
    patchDigest: gate === 'write' ? task.patchDigest : null,
    isOpen: pullRequest.state === 'open',
  });
}
