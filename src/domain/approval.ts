import { z } from 'zod';
import { CommitSha, Digest, TaskId } from './ids.ts';
import { Actor, Permission } from './repository.ts';

/** Which gate an approval is for: `run` lets a task start, `write` lets its patch reach GitHub. */
export const Gate = z.enum(['run', 'write']);
export type Gate = z.infer<typeof Gate>;

/** What an approval is bound to. If any of it is different when it is used, the approval is void. */
export const Binding = z.strictObject({
  repositoryId: z.int().nonnegative(),
  /** Number of the pull request, or of the issue: no two of a repository have the same. */
  pullRequest: z.int().positive(),
  headSha: CommitSha,
  baseSha: CommitSha,
  policyDigest: Digest,
  /** Null for gate `run`: there is no patch yet. */
  patchDigest: Digest.nullable(),
});
export type Binding = z.infer<typeof Binding>;

/** One person's decision at one gate. `role` is the permission that was read at that moment. */
export const Approval = z.strictObject({
  taskId: TaskId,
  gate: Gate,
  decision: z.enum(['approve', 'reject']),
  binding: Binding,
  by: Actor,
  role: Permission,
  via: z.enum(['comment', 'button']),
  atMs: z.int().nonnegative(),
});
export type Approval = z.infer<typeof Approval>;
