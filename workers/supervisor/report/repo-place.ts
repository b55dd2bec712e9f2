import { posix } from 'node:path';
import { RepoPath } from '../../../src/domain/repo-path.ts';

/** A tool's path as one in the repository: relative to the workspace, or absolute and below it. */
export function repoPathOf(path: string, workspace: string): RepoPath | undefined {
  const full = posix.resolve(workspace, path);
  if (!full.startsWith(`${workspace}/`)) return undefined;
  return RepoPath.safeParse(full.slice(workspace.length + 1)).data;
}

/** The same for a URI (RFC 3986), which may be relative to `base`. Another scheme or host is nowhere. */
export function repoPathOfUri(uri: string, base: URL, workspace: string): RepoPath | undefined {
  const url = URL.canParse(uri, base) ? new URL(uri, base) : undefined;
  if (url?.protocol !== 'file:' || url.host !== '') return undefined;
  const path = decoded(url.pathname);
  return path === undefined ? undefined : repoPathOf(path, workspace);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
