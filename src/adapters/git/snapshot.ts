import type { Readable } from 'node:stream';
import type { CommitSha, Digest } from '../../domain/ids.ts';
import type { OmittedInput } from '../../domain/outcome.ts';
import type { RepoPath } from '../../domain/repo-path.ts';
import { SallyportError } from '../../errors.ts';
import type {
  BundleExtras,
  OverlayFile,
  PristineFile,
  ReplacedFile,
  SourceSnapshot,
} from '../../ports/source.ts';
import { type ChangedFile, maxPromptBytes, type TaskInput } from '../../protocol/task-input.ts';
import { baseEntries } from './base-entries.ts';
import type { BeforeEntries } from './before-entries.ts';
import type { BlobReader } from './blob-reader.ts';
import { bundleDigest, bundleStream } from './bundle.ts';
import type { HeadTree, InputLimits } from './head-tree.ts';
import { MergeBaseFiles } from './merge-base-files.ts';
import type { Mirror } from './mirror.ts';
import { overlaid } from './overlay.ts';
import type { PullDiff } from './pull-diff.ts';
import type { GivenTree } from './steered-tree.ts';

/** All that was read of a pull request's two commits. */
export interface SnapshotParts {
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
  readonly mergeBaseSha: CommitSha;
  readonly headTime: number;
  readonly tree: HeadTree;
  readonly diff: PullDiff;
  /** What of it the workspace has. */
  readonly given: GivenTree;
  readonly before: BeforeEntries;
  readonly limits: InputLimits;
  readonly mirror: Mirror;
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
}

/** A snapshot whose blobs stay in the mirror until they are asked for. Its signal ends reads too. */
export class GitSnapshot implements SourceSnapshot {
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
  readonly mergeBaseSha: CommitSha;
  readonly headTime: number;
  readonly files: readonly RepoPath[];
  readonly changedFiles: readonly ChangedFile[];
  readonly diff: Uint8Array;
  readonly omitted: readonly OmittedInput[];
  readonly isSteerable: boolean;
  readonly replaced: readonly ReplacedFile[];
  readonly #parts: SnapshotParts;
  readonly #mergeBase: MergeBaseFiles;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#mergeBase = new MergeBaseFiles(parts);
    this.headSha = parts.headSha;
    this.baseSha = parts.baseSha;
    this.mergeBaseSha = parts.mergeBaseSha;
    this.headTime = parts.headTime;
    this.files = parts.given.entries.flatMap(({ path, kind }) =>
      kind === 'symlink' ? [] : [path],
    );
    this.changedFiles = parts.diff.files;
    this.diff = parts.diff.patch;
    this.omitted = parts.given.omitted;
    this.isSteerable = parts.limits.isSteerable === true;
    this.replaced = parts.given.replaced;
  }

  /** @throws SallyportError `input.too-large` for a file that the bundle left out for its size */
  async readHead(path: RepoPath): Promise<PristineFile | undefined> {
    const entry = this.#parts.tree.paths.get(path);
    if (entry === undefined || entry === 'folder') return undefined;
    if (entry.kind !== 'file' && entry.kind !== 'executable') return undefined;
    if (entry.bytes > this.#parts.limits.inputFileBytes) {
      throw new SallyportError(
        'input.too-large',
        'a file that was left out for its size is not read',
      );
    }
    return {
      bytes: await this.#parts.blobs.read(entry.sha),
      executable: entry.kind === 'executable',
    };
  }

  async readGiven(path: RepoPath): Promise<PristineFile | undefined> {
    const entry = this.#parts.given.entries.find((one) => one.path === path);
    if (entry === undefined || entry.kind === 'symlink') return undefined;
    return {
      bytes: await this.#parts.blobs.read(entry.sha),
      executable: entry.kind === 'executable',
    };
  }

  readBase(path: RepoPath): Promise<PristineFile | undefined> {
    return this.#mergeBase.read(path);
  }

  kindInHead(path: RepoPath): 'file' | 'folder' | 'symlink' | 'submodule' | undefined {
    const entry = this.#parts.tree.paths.get(path);
    if (entry === undefined || entry === 'folder') return entry;
    return entry.kind === 'executable' ? 'file' : entry.kind;
  }

  bundle(
    task: TaskInput,
    { prompt = null, base = false, overlay }: BundleExtras = {},
  ): { readonly digest: Digest; readonly stream: () => Readable } {
    if (prompt !== null && Buffer.byteLength(prompt) > maxPromptBytes)
      throw new SallyportError('input.too-large', 'the prompt is larger than 512 KiB');
    const { hasBase: _isDecidedHere, ...told } = task;
    const { diff, given, tree } = this.#parts;
    const input = base ? { ...this.#withDifferences(told, overlay), hasBase: true } : told;
    const content = {
      input,
      diff: diff.shown,
      prompt,
      base: base ? baseEntries(this.#parts, input) : [],
      entries: overlay === undefined ? given.entries : overlaid(tree.entries, overlay),
    };
    return {
      digest: bundleDigest(content),
      stream: () => bundleStream(content, this.#parts),
    };
  }

  /**
   * The sandbox takes the merge base from the head where nothing says that the two differ. What an overlay changes, and
   * what the pull request changes and the task is not told of, counts as replaced.
   */
  #withDifferences(input: TaskInput, overlay: readonly OverlayFile[] = []): TaskInput {
    const told = new Set<string>(input.changedFiles.map(({ path }) => path));
    const { given, before } = this.#parts;
    const untold = given.entries.filter(({ path }) => before.touched.has(path) && !told.has(path));
    const known = input.replaced ?? [];
    const paths = new Set([...known, ...[...overlay, ...untold].map(({ path }) => path)]);
    return paths.size === 0 ? input : { ...input, replaced: [...paths] };
  }
}
