import type { Readable } from 'node:stream';
import type { CommitSha, Digest } from '../domain/ids.ts';
import type { OmittedInput } from '../domain/outcome.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { ChangedFile, TaskInput } from '../protocol/task-input.ts';

/** Where to fetch from. `token` is asked for just before a fetch and is never stored. */
export interface SourceLocation {
  /** Key of the mirror folder: stable for a repository, e.g. `42` for repository id 42. */
  readonly mirrorKey: string;
  /** `https://…/owner/name.git`, or the absolute path of a local repository, which is only read. */
  readonly url: string;
  /** Short-lived read token; null for a local repository. */
  readonly token: (() => Promise<string>) | null;
}

/** A regular file of a tree with its pristine bytes. */
export interface PristineFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** A file of a bundle in place of that of the head. */
export interface OverlayFile {
  readonly path: RepoPath;
  /** Null: the bundle has no such file. */
  readonly bytes: Uint8Array | null;
  /** As the head's when left out; a new file is not. */
  readonly executable?: boolean;
}

/** What a bundle has besides the task, the diff and the head. */
export interface BundleExtras {
  /**
   * What the agent is asked, as `prompt.md`; null or left out: nothing.
   * @throws SallyportError `input.too-large`, of `bundle`, above 512 KiB
   */
  readonly prompt?: string | null;
  /**
   * With the whole tree of the merge base? This decides on the task's `hasBase`, whatever it was.
   * @throws SallyportError `input.too-large`, of `bundle`, when that tree is larger than the workspace
   */
  readonly base?: boolean;
  /**
   * Files in place of the head's, which is then the pull request's own in all else, also where files steer agents.
   * With `base`, they count as replaced.
   */
  readonly overlay?: readonly OverlayFile[];
}

/**
 * A file that steers agents, of which the bundle has what the base branch has, or nothing. `head`: one that such a file
 * imports, and that is no document: it may be code, so it is as the head has it.
 */
export interface ReplacedFile {
  readonly path: RepoPath;
  readonly what: 'base' | 'absent' | 'head';
}

/** One pull request's two commits, ready to be read. Reads come from git's object store alone. */
export interface SourceSnapshot {
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
  readonly mergeBaseSha: CommitSha;
  /** Commit time of the head, epoch seconds. */
  readonly headTime: number;
  /** Regular files of the head tree that the bundle carries, in path order. */
  readonly files: readonly RepoPath[];
  /** Files of the diff merge base → head, in path order. */
  readonly changedFiles: readonly ChangedFile[];
  /** Unified diff merge base → head with 3 lines of context, `a/` and `b/` prefixes, renames detected. */
  readonly diff: Uint8Array;
  /** Files of the head tree that the bundle leaves out. */
  readonly omitted: readonly OmittedInput[];
  /** Is it read for an agent that files of the repository could steer? */
  readonly isSteerable: boolean;
  /** Files that steer agents and are not what the head has, in path order; none unless that was asked for. */
  readonly replaced: readonly ReplacedFile[];
  /** A regular file of the head tree; undefined when it is absent or not a regular file. */
  readHead(path: RepoPath): Promise<PristineFile | undefined>;
  /** A regular file as the agent's workspace has it; undefined when it is absent or not a regular file. */
  readGiven(path: RepoPath): Promise<PristineFile | undefined>;
  /** A regular file of the merge base; undefined when it is absent, none, or larger than an input may be. */
  readBase(path: RepoPath): Promise<PristineFile | undefined>;
  /** What stands at this path in the head tree; undefined when nothing does. */
  kindInHead(path: RepoPath): 'file' | 'folder' | 'symlink' | 'submodule' | undefined;
  /** The content-addressed input: the same input gives the same bytes and digest. */
  bundle(
    input: TaskInput,
    extras?: BundleExtras,
  ): { readonly digest: Digest; readonly stream: () => Readable };
}

/**
 * Fetches commits into a bare mirror and reads them. Runs git with no hooks, no filters,
 * no configuration but its own, and never over data that a sandbox could write.
 * @throws SallyportError `git.failed`, `git.missing-commit`, `input.too-large`
 */
export interface Source {
  snapshot(
    location: SourceLocation,
    commits: { readonly headSha: CommitSha; readonly baseSha: CommitSha },
    limits: {
      readonly inputFileBytes: number;
      readonly workspaceBytes: number;
      /** Which files the bundle has, and its diff shows; all of them when left out. */
      readonly isInput?: (path: string) => Promise<boolean>;
      /** Does an agent read this that files of the repository could steer? Those are then the base commit's. */
      readonly isSteerable?: boolean;
    },
    signal: AbortSignal,
  ): Promise<SourceSnapshot>;
  /** Removes what fetches that were killed left behind; what another process is fetching stays. */
  clearLeftovers(): Promise<void>;
}
