import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import type { OpenPullRequest } from '../../ports/open-pull-request.ts';

/** GitHub shows the work of deleted accounts as that of this one: https://api.github.com/users/ghost */
export const ghost = { login: 'ghost', id: 10_137 } as const;

/** GitHub's answer to "List pull requests". */
export const ListedPulls = z.array(
  z.object({
    number: z.int().positive(),
    draft: z.boolean().default(false),
    updated_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    head: z.object({ sha: CommitSha }),
    base: z.object({ ref: z.string().min(1), repo: z.object({ id: z.int() }) }),
    user: z.object({ id: z.int(), login: z.string().min(1), type: z.string() }).nullable(),
  }),
);
/** A name can be given to another repository after a rename or a transfer; the id cannot. */
export function assertSame(repository: RepositoryRef, repositoryId: number | undefined): void {
  if (repositoryId === repository.repositoryId) return;
  throw new SallyportError('github.not-found', 'the name belongs to another repository now');
}

/** One of them as the port has it. */
export function fromListed(
  { number, draft, updated_at, head, base, user }: z.output<typeof ListedPulls>[number],
  repository: RepositoryRef,
): OpenPullRequest {
  assertSame(repository, base.repo.id);
  const type = user?.type === 'User' || user?.type === 'Bot' ? user.type : 'Unknown';
  return {
    number,
    headSha: head.sha,
    baseRef: base.ref,
    isDraft: draft,
    updatedAtMs: updated_at,
    author: { id: user?.id ?? ghost.id, login: user?.login ?? ghost.login, type },
  };
}
