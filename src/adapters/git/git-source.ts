import { setTimeout as delay } from 'node:timers/promises';
import type { CommitSha } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Source, SourceLocation, SourceSnapshot } from '../../ports/source.ts';
import { readBeforeEntries } from './before-entries.ts';
import { BlobReader } from './blob-reader.ts';
import { findMergeBase, readCommitTime } from './commits.ts';
import type { InputLimits } from './head-tree.ts';
import { listTree, readHeadTree } from './head-tree.ts';
import type { Mirror } from './mirror.ts';
import { Mirrors } from './mirrors.ts';
import { readPullDiff } from './pull-diff.ts';
import { GitSnapshot } from './snapshot.ts';
import { steerTree } from './steered-tree.ts';
import { pathsOf, TreeView } from './tree-view.ts';

/** Where mirrors are kept and which git is run. */
export interface GitSourceOptions {
  /** Absolute path of a folder that nobody else writes to; created when absent. */
  readonly mirrorsDir: string;
  /** Name or absolute path of git, 2.39.4 or newer (its upload-pack fetches nothing lazily). */
  readonly gitBinary?: string;
  readonly clock?: Clock;
  /** Absolute path of the PEM bundle that servers are trusted by; null or absent: git's own. */
  readonly caFile?: string | null;
  /** Ceiling of what one fetch may write, bytes; 4 GiB unless told. */
  readonly maxFetchBytes?: number;
}

const defaultMaxFetchBytes = 4 * 1024 ** 3;

const wallClock: Clock = {
  nowMs: () => Date.now(),
  // Rejects on abort only, and an aborted wait is over, too.
  after: (ms, signal) => delay(ms, undefined, signal && { signal }).catch(() => undefined),
};

/** `Source` over git: hardened bare mirrors, read by plumbing commands. See `environment.ts`. */
export class GitSource implements Source {
  readonly #mirrors: Mirrors;
  readonly #clock: Clock;

  constructor(options: GitSourceOptions) {
    const { gitBinary = 'git', clock = wallClock, maxFetchBytes = defaultMaxFetchBytes } = options;
    this.#clock = clock;
    this.#mirrors = new Mirrors({
      mirrorsDir: options.mirrorsDir,
      gitBinary,
      clock,
      maxFetchBytes,
      caFile: options.caFile ?? null,
    });
  }

  // Four parameters are the port's: what, which commits, how much, until when.
  // oxlint-disable-next-line max-params
  async snapshot(
    location: SourceLocation,
    commits: { readonly headSha: CommitSha; readonly baseSha: CommitSha },
    limits: InputLimits,
    signal: AbortSignal,
  ): Promise<SourceSnapshot> {
    const { headSha, baseSha } = commits;
    const mirror = await this.#mirrors.withCommits(location, [headSha, baseSha], signal);
    return this.#read(mirror, { headSha, baseSha, limits, signal });
  }

  clearLeftovers(): Promise<void> {
    return this.#mirrors.clearLeftovers();
  }

  async #read(
    mirror: Mirror,
    order: {
      readonly headSha: CommitSha;
      readonly baseSha: CommitSha;
      readonly limits: InputLimits;
      readonly signal: AbortSignal;
    },
  ): Promise<SourceSnapshot> {
    const { headSha, baseSha, limits, signal } = order;
    const blobs = new BlobReader(mirror, this.#clock, signal);
    const readBlob = (sha: string) => blobs.read(sha);
    const isSteered = limits.isSteerable === true && headSha !== baseSha;
    const [mergeBaseSha, headTime, listing, baseListing] = await Promise.all([
      findMergeBase(mirror, order, signal),
      readCommitTime(mirror, headSha, signal),
      listTree(mirror, headSha, signal),
      isSteered ? listTree(mirror, baseSha, signal) : [],
    ]);
    const tree = await readHeadTree(listing, limits, readBlob);
    const given = isSteered
      ? await steerTree({
          head: tree,
          base: new TreeView(pathsOf(baseListing), readBlob),
          limits,
          readBlob,
        })
      : { ...tree, replaced: [] };
    const diffOrder = { mirror, from: mergeBaseSha, to: headSha, limits, signal };
    const diff = await readPullDiff(diffOrder, (sha, max) => blobs.readStart(sha, max));
    const before = await readBeforeEntries(diff.changes, { mirror, limits, signal, readBlob });
    return new GitSnapshot({
      ...order,
      mirror,
      mergeBaseSha,
      headTime,
      tree,
      diff,
      before,
      given,
      blobs,
    });
  }
}
