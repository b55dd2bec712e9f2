import { WorkspaceChange } from '../../src/protocol/result.ts';

/** May a change name this path? Asked of the schema that the control plane will apply. */
export function isRepoPath(path: string): boolean {
  return WorkspaceChange.safeParse({ kind: 'delete', path }).success;
}
