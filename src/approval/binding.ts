import type { Binding, Gate } from '../domain/approval.ts';
import type { CommitSha, Digest } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';

/** What an approval of `task` at `gate` is bound to. */
export function bindingOf(task: Task, gate: Gate): Binding {
  return {
    repositoryId: task.repository.repositoryId,
    pullRequest: task.pullRequest,
    headSha: task.headSha,
    baseSha: task.baseSha,
    policyDigest: task.policyDigest,
    patchDigest: gate === 'write' ? task.patchDigest : null,
  };
}

/** The world as it is when an approval is given or used. */
export interface Present {
  readonly repositoryId: number;
  readonly pullRequest: number;
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
  readonly policyDigest: Digest;
  readonly patchDigest: Digest | null;
  readonly isOpen: boolean;
}

/** Why an approval bound like this is void now; undefined while it holds. */
export function voidedBy(binding: Binding, present: Present): string | undefined {
  if (binding.repositoryId !== present.repositoryId) return 'it was given in another repository';
  if (binding.pullRequest !== present.pullRequest)
    return 'it was given on another pull request or issue';
  if (!present.isOpen) return 'the pull request or issue is closed';
  if (binding.headSha !== present.headSha) {
    return `the head moved from ${binding.headSha.slice(0, 12)} to ${present.headSha.slice(0, 12)}`;
  }
  // Letting a run start says something of the head alone; a patch is judged with what it will be merged into.
  // Both sides: an approval of a run must never hold for a patch.
  if (binding.patchDigest === null && present.patchDigest === null) return undefined;
  if (binding.baseSha !== present.baseSha) return 'the base branch moved';
  if (binding.policyDigest !== present.policyDigest) return 'the policy changed';
  if (binding.patchDigest !== present.patchDigest) return 'the patch is a different one';
  return undefined;
}
