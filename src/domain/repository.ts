import { z } from 'zod';

/** Who did something on GitHub. Identity is the numeric id; a login can be renamed and re-registered. */
export const Actor = z.strictObject({
  id: z.int().nonnegative(),
  login: z.string().min(1).max(100),
  type: z.enum(['User', 'Bot', 'Organization', 'Mannequin', 'Unknown']),
});
export type Actor = z.infer<typeof Actor>;

/** One repository as one installation sees it. */
export const RepositoryRef = z.strictObject({
  installationId: z.int().nonnegative(),
  repositoryId: z.int().nonnegative(),
  owner: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
  name: z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/),
});
export type RepositoryRef = z.infer<typeof RepositoryRef>;

/** `owner/name`, for people and log lines. */
export function fullName(repository: RepositoryRef): string {
  return `${repository.owner}/${repository.name}`;
}

/** A person's standing in a repository, from the collaborator permission API alone. */
export const Permission = z.enum(['none', 'read', 'triage', 'write', 'maintain', 'admin']);
export type Permission = z.infer<typeof Permission>;

/** Is `held` at least `needed`, in the order none < read < triage < write < maintain < admin? */
export function isAtLeast(held: Permission, needed: Permission): boolean {
  return Permission.options.indexOf(held) >= Permission.options.indexOf(needed);
}
