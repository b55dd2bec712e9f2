import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitSha } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SourceLocation } from '../../ports/source.ts';
import { requireGit } from './capture.ts';
import type { GitConfig } from './environment.ts';
import { underCeiling } from './fetch-ceiling.ts';
import type { GitCall } from './git-process.ts';
import type { Origin } from './location.ts';
import { authorization } from './location.ts';
import type { Mirror } from './mirror.ts';
import { refOf } from './mirror.ts';

/** One fetch into one mirror. */
export interface FetchOrder {
  readonly mirror: Mirror;
  readonly location: SourceLocation;
  readonly origin: Origin;
  readonly commits: readonly CommitSha[];
  readonly clock: Clock;
  /** Ceiling of the packs that one fetch may write, bytes. */
  readonly maxFetchBytes: number;
  /** Absolute path of the PEM bundle that the server is trusted by; null: git's own. */
  readonly caFile: string | null;
  readonly signal: AbortSignal;
}

/** Nothing but the named commits: no tags, no FETCH_HEAD, no submodules, no housekeeping. */
const fetchOptions = [
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-auto-maintenance',
  '--no-prune',
];

/**
 * Fetches commits by id to private refs, which git writes only after the objects passed fsck and
 * are complete. Call with the mirror's lock held.
 * @throws SallyportError `git.failed`, `git.missing-commit`, `input.too-large`
 */
export async function fetchCommits(order: FetchOrder): Promise<void> {
  const call = {
    ...(await access(order)),
    args: fetchArguments(order),
    binary: order.mirror.binary,
  };
  await underCeiling(order, async (signal) => {
    await requireGit({ ...call, transport: order.origin.transport, signal });
  });
}

function fetchArguments({ mirror, origin, commits }: FetchOrder): string[] {
  // The clone that CI made of a local repository may be shallow; a server's never is.
  const shallow = origin.transport === 'file' ? ['--update-shallow'] : [];
  const refspecs = commits.map((sha) => `+${sha}:${refOf(sha)}`);
  const options = [...fetchOptions, ...shallow, '--end-of-options'];
  return [`--git-dir=${mirror.gitDir}`, 'fetch', ...options, origin.url, ...refspecs];
}

async function access(order: FetchOrder): Promise<Pick<GitCall, 'config' | 'environment'>> {
  const { location, origin, mirror, caFile } = order;
  if (origin.transport === 'file') {
    // The process that reads the source drops configuration by environment but honours this file.
    const file = join(mirror.gitDir, 'source.gitconfig');
    await writeFile(file, safeDirectoryFile(origin.url));
    return { environment: { GIT_CONFIG_GLOBAL: file } };
  }
  // Asked for at the last moment, so that waiting for the lock does not use up its life.
  const token = await location.token?.();
  const trust: GitConfig = caFile === null ? [] : [['http.sslCAInfo', caFile]];
  return { config: [...trust, ...(token === undefined ? [] : authorization(origin.url, token))] };
}

/**
 * The one repository that may belong to another user: the operator named it, and what git does in
 * it runs nothing of its configuration (upload-pack takes `packObjectsHook` from protected
 * configuration only, and fetches nothing lazily).
 */
export function safeDirectories(path: string): GitConfig {
  return [path, join(path, '.git')].map((folder) => ['safe.directory', folder] as const);
}

function safeDirectoryFile(path: string): string {
  const lines = safeDirectories(path).map(([, folder]) => `\tdirectory = ${quoted(folder)}\n`);
  return `[safe]\n${lines.join('')}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
