import { Readable } from 'node:stream';
import { CommitSha, digestOf } from '../../../src/domain/ids.ts';
import type { OmittedInput } from '../../../src/domain/outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type {
  OverlayFile,
  ReplacedFile,
  Source,
  SourceSnapshot,
} from '../../../src/ports/source.ts';
import type { ChangedFile, TaskInput } from '../../../src/protocol/task-input.ts';
import { Faults } from './faults.ts';

/** What stands at a path of the fake head tree. */
export type FakeEntry =
  | { readonly kind: 'file'; readonly text: string; readonly executable?: boolean }
  | { readonly kind: 'symlink' | 'submodule' };

type Snapshot = Parameters<Source['snapshot']>;

/** A repository of one tree in memory. Methods for faults: `snapshot`, `clearLeftovers`. */
export class FakeSource implements Source {
  readonly faults = new Faults();
  readonly head = new Map<string, FakeEntry>();
  /** Text of files of the merge base; those of the head that are not here were not in it. */
  readonly mergeBase = new Map<string, string>();
  /** How files of the head differ from the merge base, where they are not just modified. */
  readonly changes = new Map<
    string,
    { readonly status: ChangedFile['status']; readonly previousPath?: string }
  >();
  /** Every bundle that was asked for, in order: what it says and what it has in place of the head's files. */
  readonly bundles: {
    readonly input: TaskInput;
    readonly prompt: string | null;
    readonly overlay: readonly OverlayFile[];
  }[] = [];
  readonly omitted: OmittedInput[] = [];
  /** Files that steer agents, for a run whose agent can be steered. */
  readonly replaced: ReplacedFile[] = [];
  /** When set, `snapshot` never answers; it rejects when its signal aborts, as a fetch does. */
  hangs = false;

  async snapshot(
    ...[, commits, { isSteerable = false }, signal]: Snapshot
  ): Promise<SourceSnapshot> {
    if (this.hangs) await untilAborted(signal);
    return this.faults.around('snapshot', () => this.#snapshot(commits, isSteerable));
  }

  clearLeftovers(): Promise<void> {
    return this.faults.around('clearLeftovers', () => undefined);
  }

  #snapshot({ headSha, baseSha }: Snapshot[1], isSteerable: boolean): SourceSnapshot {
    const changed = [...this.head].filter(([, entry]) => entry.kind === 'file');
    return {
      headSha,
      baseSha,
      mergeBaseSha: CommitSha.parse('d'.repeat(40)),
      headTime: 1_700_000_000,
      files: changed.map(([path]) => RepoPath.parse(path)),
      changedFiles: changed.map(([path]) => ({
        path: RepoPath.parse(path),
        previousPath: this.#previousOf(path),
        status: this.changes.get(path)?.status ?? 'modified',
        kind: 'text',
        addedLines: [[1, 1]],
      })),
      diff: Buffer.from(changed.map(([path]) => diffOf(path)).join('')),
      omitted: this.omitted,
      isSteerable,
      replaced: isSteerable ? this.replaced : [],
      readHead: async (path) => this.#read(path),
      readGiven: async (path) => this.#read(path),
      readBase: async (path) => this.#readBase(path),
      kindInHead: (path) => this.#kindOf(path),
      bundle: (input, { prompt = null, base = false, overlay } = {}) => {
        const task = base ? { ...input, hasBase: true } : input;
        this.bundles.push({ input: task, prompt, overlay: overlay ?? [] });
        const bytes = Buffer.from(JSON.stringify(prompt === null ? task : { ...task, prompt }));
        return { digest: digestOf(bytes), stream: () => Readable.from([bytes]) };
      },
    };
  }

  #read(path: string) {
    const entry = this.head.get(path);
    if (entry?.kind !== 'file') return undefined;
    return { bytes: Buffer.from(entry.text), executable: entry.executable ?? false };
  }

  #previousOf(path: string): RepoPath | null {
    const { previousPath } = this.changes.get(path) ?? {};
    return previousPath === undefined ? null : RepoPath.parse(previousPath);
  }

  #readBase(path: string) {
    const text = this.mergeBase.get(path);
    return text === undefined ? undefined : { bytes: Buffer.from(text), executable: false };
  }

  #kindOf(path: string) {
    const kind = this.head.get(path)?.kind;
    if (kind !== undefined) return kind;
    const isFolder = [...this.head.keys()].some((other) => other.startsWith(`${path}/`));
    return isFolder ? ('folder' as const) : undefined;
  }
}

function diffOf(path: string): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-was\n+is\n`;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}
