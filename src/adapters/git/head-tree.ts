import type { OmittedInput } from '../../domain/outcome.ts';
import type { RepoPath } from '../../domain/repo-path.ts';
import { SallyportError } from '../../errors.ts';
import { requireGit } from './capture.ts';
import type { Mirror } from './mirror.ts';
import { decodeUtf8, readPath } from './repo-path-bytes.ts';
import type { TreeEntry } from './tree-listing.ts';
import { parseTreeListing } from './tree-listing.ts';
import { addPath } from './tree-view.ts';

/** One entry that goes into a bundle. */
export interface HeadEntry {
  readonly path: RepoPath;
  readonly kind: 'file' | 'executable' | 'symlink';
  readonly sha: string;
  readonly bytes: number;
  /** Where a symlink points, as data; null for a file. */
  readonly target: string | null;
  /** In place of a blob: a file that no commit has. */
  readonly content?: Uint8Array;
}

/** The head tree, sorted by path bytes. */
export interface HeadTree {
  /** What the bundle carries. */
  readonly entries: readonly HeadEntry[];
  readonly omitted: readonly OmittedInput[];
  /** Every path that can be named, carried or not, and every folder above one. */
  readonly paths: ReadonlyMap<string, TreeEntry | 'folder'>;
}

/** The ceilings of one snapshot, bytes. */
export interface InputLimits {
  readonly inputFileBytes: number;
  readonly workspaceBytes: number;
  /** Which files may go in; all of them when left out. */
  readonly isInput?: (path: string) => Promise<boolean>;
  /** Does an agent read this that files of the repository could steer? Those are then the base commit's. */
  readonly isSteerable?: boolean;
}

/**
 * About half a million entries. Trees that contain each other name more paths than any disk holds
 * (a git bomb), so the listing is cut off while it runs.
 */
const maxListingBytes = 64 * 1024 * 1024;

/** Longest symlink target that Linux accepts: PATH_MAX less its NUL. */
const maxTargetBytes = 4_095;

/** Lists a commit's tree. @throws SallyportError `git.failed`, `input.too-large` */
export async function listTree(
  mirror: Mirror,
  sha: string,
  signal: AbortSignal,
): Promise<TreeEntry[]> {
  const args = [`--git-dir=${mirror.gitDir}`, 'ls-tree', '-r', '-z', '-l', '--full-tree', sha];
  const limit = { maxBytes: maxListingBytes, what: 'the list of files' };
  return parseTreeListing(await requireGit({ binary: mirror.binary, args, signal }, limit));
}

/**
 * Decides what of a tree goes into the bundle. `readBlob` gives the targets of symlinks.
 * @throws SallyportError `input.too-large` when what would go in passes `limits.workspaceBytes`
 */
export async function readHeadTree(
  listing: readonly TreeEntry[],
  limits: InputLimits,
  readBlob: (sha: string) => Promise<Buffer>,
): Promise<HeadTree> {
  const entries: HeadEntry[] = [];
  const omitted: OmittedInput[] = [];
  const paths = new Map<string, TreeEntry | 'folder'>();
  let totalBytes = 0;
  for (const entry of listing) {
    const reading = readPath(entry.pathBytes);
    if ('path' in reading) addPath(paths, reading.path, entry);
    // What the policy keeps back is no omission to be told of: it is not this task's business.
    if ('path' in reading && (await limits.isInput?.(reading.path)) === false) continue;
    const decided =
      'path' in reading
        ? await entryOf(entry, reading.path, { limits, readBlob })
        : reading.omitted;
    if ('reason' in decided) omitted.push(decided);
    else {
      entries.push(decided);
      totalBytes += decided.bytes;
      if (totalBytes > limits.workspaceBytes) throw tooLarge(limits);
    }
  }
  return { entries, omitted, paths };
}

/** What goes into a bundle for one entry of a tree, or why nothing does. */
export async function entryOf(
  entry: Pick<TreeEntry, 'kind' | 'sha' | 'bytes'>,
  path: RepoPath,
  {
    limits,
    readBlob,
  }: {
    readonly limits: InputLimits;
    readonly readBlob: (sha: string) => Promise<Buffer>;
  },
): Promise<HeadEntry | OmittedInput> {
  const { kind, sha, bytes } = entry;
  if (kind === 'submodule') return { path, reason: 'submodule' };
  if (bytes > limits.inputFileBytes) return { path, reason: 'too-large' };
  if (kind !== 'symlink') return { path, kind, sha, bytes, target: null };
  if (bytes === 0 || bytes > maxTargetBytes) return { path, reason: 'bad-path' };
  const target = decodeUtf8(await readBlob(sha));
  if (target === undefined) return { path, reason: 'not-utf8-path' };
  if (target.includes('\0')) return { path, reason: 'bad-path' };
  return { path, kind, sha, bytes, target };
}

/** @throws SallyportError `input.too-large` for more bytes than a workspace may have */
export function requireFit(entries: readonly HeadEntry[], limits: InputLimits): void {
  const totalBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (totalBytes > limits.workspaceBytes) throw tooLarge(limits);
}

function tooLarge(limits: InputLimits): SallyportError {
  const message = `the files of the head are larger than ${String(limits.workspaceBytes)} bytes together`;
  return new SallyportError('input.too-large', message);
}
