import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitSha } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SourceLocation } from '../../ports/source.ts';
import { fetchCommits } from './fetch.ts';
import { checkedMirrorKey, checkedOrigin } from './location.ts';
import type { Mirror } from './mirror.ts';
import { clearLeftovers, createMirror, missingCommitError, missingCommits } from './mirror.ts';
import { MirrorLock } from './mirror-lock.ts';
import { tidyMirror } from './mirror-upkeep.ts';

/** Where mirrors live and how git is run for them. */
export interface MirrorsOptions {
  /** Absolute path of a folder of ours; created when absent. */
  readonly mirrorsDir: string;
  readonly gitBinary: string;
  readonly clock: Clock;
  readonly maxFetchBytes: number;
  readonly caFile: string | null;
}

/** The bare repositories of this host, one for each mirror key. */
export class Mirrors {
  readonly #options: MirrorsOptions;
  readonly #lock: MirrorLock;

  constructor(options: MirrorsOptions) {
    this.#options = options;
    this.#lock = new MirrorLock(options.clock);
  }

  /**
   * The mirror of a location with `commits` and their whole ancestry in it. Fetches, one writer
   * at a time, only when one of them is not there yet.
   * @throws SallyportError `git.failed`, `git.missing-commit`, `input.too-large`
   */
  async withCommits(
    location: SourceLocation,
    commits: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<Mirror> {
    const { mirrorsDir, gitBinary } = this.#options;
    const key = checkedMirrorKey(location.mirrorKey);
    const mirror = { binary: gitBinary, gitDir: join(mirrorsDir, `${key}.git`) };
    if ((await missingCommits(mirror, commits, signal)).length === 0) return mirror;
    await mkdir(mirrorsDir, { recursive: true, mode: 0o700 });
    await this.#lock.hold(join(mirrorsDir, `${key}.lock`), signal, async () => {
      await this.#bring(mirror, { location, commits, signal });
    });
    return mirror;
  }

  /** Of every mirror that no other process is writing: half-made ones, unfinished packs, stale locks. */
  async clearLeftovers(): Promise<void> {
    const { mirrorsDir, gitBinary } = this.#options;
    const names = await readdir(mirrorsDir).catch(noFolder);
    const keys = names.flatMap((name) => /^(.+)\.git(?:\.new)?$/.exec(name)?.[1] ?? []);
    for (const key of new Set(keys)) {
      const mirror = { binary: gitBinary, gitDir: join(mirrorsDir, `${key}.git`) };
      await this.#lock.tryHold(join(mirrorsDir, `${key}.lock`), async () => {
        await rm(`${mirror.gitDir}.new`, { recursive: true, force: true });
        await clearLeftovers(mirror);
      });
    }
  }

  async #bring(
    mirror: Mirror,
    {
      location,
      commits,
      signal,
    }: {
      readonly location: SourceLocation;
      readonly commits: readonly CommitSha[];
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const origin = checkedOrigin(location);
    await createMirror(mirror, signal);
    await clearLeftovers(mirror);
    // Another task may have fetched them while this one waited for the lock.
    const missing = await missingCommits(mirror, commits, signal);
    if (missing.length === 0) return;
    await fetchCommits({ mirror, location, origin, commits: missing, signal, ...this.#options });
    const absent = await missingCommits(mirror, missing, signal);
    if (absent.length > 0) throw missingCommitError(absent);
    await tidyMirror(mirror, signal);
  }
}

function noFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
