import { z } from 'zod';
import { RepoPath } from '../domain/repo-path.ts';
import { shortList } from '../domain/short-list.ts';

/** Most hunks of a whole patch. */
export const maxPatchHunks = 20_000;

const text = z.string().refine((one) => one.isWellFormed(), 'text is well-formed Unicode');

/**
 * Lines of a file and what stands there instead, both with their endings and their context. Without old lines the
 * new ones are inserted before `startLine`.
 */
const PatchHunk = z.strictObject({
  startLine: z.int().min(1).max(10_000_000),
  oldText: text,
  newText: text,
});
export type PatchHunk = z.infer<typeof PatchHunk>;

/** What a diff that the agent left says of one file; its hunks are in order. */
export const PatchedFile = z.strictObject({
  path: RepoPath,
  kind: z.enum(['modified', 'added', 'deleted']),
  hunks: shortList(PatchHunk, maxPatchHunks),
});
export type PatchedFile = z.infer<typeof PatchedFile>;
