import type { RepoPath } from '../../domain/repo-path.ts';
import { SallyportError } from '../../errors.ts';
import { requireGit } from './capture.ts';
import type { HeadEntry, InputLimits } from './head-tree.ts';
import { entryOf } from './head-tree.ts';
import type { Mirror } from './mirror.ts';
import type { RawChange } from './raw-diff.ts';
import { readPath } from './repo-path-bytes.ts';
import { kindOfMode } from './tree-listing.ts';

/** What a diff says of the merge base. */
export interface BeforeEntries {
  /** What was there of all that has changed, been deleted or got another name; sorted by path bytes. */
  readonly entries: readonly HeadEntry[];
  /** Every path that is not the same on both sides. */
  readonly touched: ReadonlySet<string>;
}

interface BeforeOrder {
  readonly mirror: Mirror;
  readonly limits: InputLimits;
  readonly signal: AbortSignal;
  readonly readBlob: (sha: string) => Promise<Buffer>;
}

/**
 * Reads what the merge base has in the place of what changed. What could not go into the head for its size, its
 * kind or its name is left out here too.
 * @throws SallyportError `git.failed`
 */
export async function readBeforeEntries(
  changes: readonly RawChange[],
  order: BeforeOrder,
): Promise<BeforeEntries> {
  const touched = new Set<string>();
  const sides = new Map<RepoPath, { readonly mode: string; readonly sha: string }>();
  for (const { before, after } of changes) {
    for (const side of [before, after]) {
      const reading = side === null ? undefined : readPath(side.pathBytes);
      if (side === null || reading === undefined || !('path' in reading)) continue;
      touched.add(reading.path);
      if (side === before) sides.set(reading.path, side);
    }
  }
  return { touched, entries: await entriesOf(sides, order) };
}

async function entriesOf(
  sides: ReadonlyMap<RepoPath, { readonly mode: string; readonly sha: string }>,
  order: BeforeOrder,
): Promise<HeadEntry[]> {
  const wanted: [RepoPath, { readonly mode: string; readonly sha: string }][] = [];
  for (const [path, side] of sides) {
    const isWanted = (await order.limits.isInput?.(path)) !== false;
    if (isWanted && kindOfMode(side.mode) !== 'submodule') wanted.push([path, side]);
  }
  const sizes = await blobSizes(new Set(wanted.map(([, { sha }]) => sha)), order);
  const entries: HeadEntry[] = [];
  for (const [path, { mode, sha }] of wanted) {
    const entry = { kind: kindOfMode(mode), sha, bytes: sizes.get(sha) ?? 0 };
    const decided = await entryOf(entry, path, order);
    if (!('reason' in decided)) entries.push(decided);
  }
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

const sizePattern = /^([0-9a-f]{40}) blob (\d+)$/;
/** Of one line: an id, a type and a number. */
const maxLineBytes = 80;

async function blobSizes(
  shas: ReadonlySet<string>,
  { mirror, signal }: BeforeOrder,
): Promise<ReadonlyMap<string, number>> {
  if (shas.size === 0) return new Map();
  const args = [`--git-dir=${mirror.gitDir}`, 'cat-file', '--batch-check'];
  const input = [...shas].map((sha) => `${sha}\n`).join('');
  const output = await requireGit(
    { binary: mirror.binary, args, signal, input },
    { maxBytes: shas.size * maxLineBytes, what: 'the list of sizes' },
  );
  const sizes = new Map<string, number>();
  for (const line of output.toString('latin1').split('\n')) {
    const [, sha, size] = sizePattern.exec(line) ?? [];
    if (sha !== undefined) sizes.set(sha, Number(size));
  }
  if (sizes.size !== shas.size)
    throw new SallyportError('git.failed', 'an object of the mirror is missing');
  return sizes;
}
