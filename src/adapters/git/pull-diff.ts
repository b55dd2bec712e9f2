import type { ChangedFile } from '../../protocol/task-input.ts';
import { requireGit } from './capture.ts';
import type { Undecided } from './changed-files.ts';
import { joinDiff } from './changed-files.ts';
import type { InputLimits } from './head-tree.ts';
import type { Mirror } from './mirror.ts';
import { parsePatch } from './patch-sections.ts';
import { parseRawDiff, type RawChange } from './raw-diff.ts';
import { shownPatch } from './shown-patch.ts';

/** Two trees and how to read them. */
export interface DiffOrder {
  readonly mirror: Mirror;
  readonly from: string;
  readonly to: string;
  readonly limits: InputLimits;
  readonly signal: AbortSignal;
}

/** The diff of a pull request. */
export interface PullDiff {
  readonly patch: Buffer;
  /** What of it the agent may see. */
  readonly shown: Buffer;
  readonly files: readonly ChangedFile[];
  /** The same, with what was there before. */
  readonly changes: readonly RawChange[];
}

/**
 * Ceiling of a patch and of a list of changes. Beyond it the pull request is refused as a whole:
 * a diff that silently ends somewhere would be taken for all there is.
 */
const maxDiffBytes = 64 * 1024 * 1024;

/** git looks at this many bytes for a NUL to tell binary from text: buffer_is_binary in xdiff-interface.c. */
const binaryProbeBytes = 8_000;

/** Every option that configuration or attributes could change is named, so that neither can. */
const diffOptions = [
  '-r',
  '--no-commit-id',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--ignore-submodules=none',
  '--submodule=short',
];

/** Inexact renames are looked for among this many files at most: the search is quadratic. */
const renameOptions = ['--find-renames=50%', '-l1000'];

const patchOptions = [
  '--patch',
  '--unified=3',
  '--inter-hunk-context=0',
  '--full-index',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
];

/**
 * The diff between two commits, as bytes and file by file. Attributes have no effect on it.
 * A file above `limits.inputFileBytes` appears as binary: the bundle leaves it out, with a note.
 * @throws SallyportError `input.too-large` above 64 MiB, `git.failed`
 */
export async function readPullDiff(
  order: DiffOrder,
  readStart: (sha: string, maxBytes: number) => Promise<Buffer>,
): Promise<PullDiff> {
  const { raw, patch } = await diffPair(order, renameOptions);
  const changes = parseRawDiff(raw);
  const { files, undecided } = joinDiff(changes, parsePatch(patch));
  const binary = await binaryFiles(undecided, readStart);
  const decided = files.map((file) =>
    binary.has(file) ? { ...file, kind: 'binary' as const } : file,
  );
  const { isInput } = order.limits;
  const withoutRenames = () => diffPair(order, ['--no-renames']);
  const shown =
    isInput === undefined ? patch : await shownPatch({ patch, changes, isInput, withoutRenames });
  return { patch, shown, files: decided.sort(byPath), changes };
}

/** Both need the same options: what is a rename depends on them. */
async function diffPair(
  order: DiffOrder,
  options: readonly string[],
): Promise<{ readonly raw: Buffer; readonly patch: Buffer }> {
  const list = [...options, '--raw', '-z', '--no-abbrev'];
  const [raw, patch] = await Promise.all([
    diffTree(order, list, 'the list of changes'),
    diffTree(order, [...options, ...patchOptions], 'the diff'),
  ]);
  return { raw, patch };
}

async function diffTree(
  order: DiffOrder,
  format: readonly string[],
  what: string,
): Promise<Buffer> {
  const { mirror, from, to, limits, signal } = order;
  const args = [`--git-dir=${mirror.gitDir}`, 'diff-tree', ...diffOptions, ...format, from, to];
  // git neither loads nor compares what is above this. Both runs need the same: renames depend on it.
  const config = [['core.bigFileThreshold', String(limits.inputFileBytes)]] as const;
  return requireGit(
    { binary: mirror.binary, args, config, signal },
    { maxBytes: maxDiffBytes, what },
  );
}

async function binaryFiles(
  undecided: readonly Undecided[],
  readStart: (sha: string, maxBytes: number) => Promise<Buffer>,
): Promise<ReadonlySet<ChangedFile>> {
  const binary = new Set<ChangedFile>();
  for (const { file, sha } of undecided) {
    if ((await readStart(sha, binaryProbeBytes)).includes(0)) binary.add(file);
  }
  return binary;
}

function byPath(a: ChangedFile, b: ChangedFile): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
