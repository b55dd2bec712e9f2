import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import type { CommitSha } from '../../src/domain/ids.ts';
import { taskIdFor } from '../../src/domain/ids.ts';
import { RepoPath } from '../../src/domain/repo-path.ts';
import type { BundleExtras, SourceSnapshot } from '../../src/ports/source.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { TestFile, TestRepository } from './repositories.ts';
import { createRepository, temporaryFolder } from './repositories.ts';

/** Limits that no ordinary test repository reaches. */
export const roomyLimits = { inputFileBytes: 1_000_000, workspaceBytes: 50_000_000 };

/** What a snapshot is bounded by. */
type SnapshotLimits = Parameters<GitSource['snapshot']>[2];

/** A signal that never aborts. */
export const neverAborted = new AbortController().signal;

/** `value` as a path of a repository. */
export function repoPath(value: string): RepoPath {
  return RepoPath.parse(value);
}

/** A pull request of a real repository, read through a mirror of its own. */
export interface TestPull extends AsyncDisposable {
  readonly folder: string;
  readonly mirrorsDir: string;
  readonly repository: TestRepository;
  readonly baseSha: CommitSha;
  readonly headSha: CommitSha;
  readonly snapshot: (limits?: Partial<SnapshotLimits>) => Promise<SourceSnapshot>;
}

/** Head and base, each given by all of its files. */
export async function openPull(
  base: readonly TestFile[],
  head: readonly TestFile[],
  timeSeconds?: number,
): Promise<TestPull> {
  const folder = await temporaryFolder();
  const repository = await createRepository(join(folder.path, 'source'));
  const baseSha = await repository.commit(base);
  const time = timeSeconds === undefined ? {} : { timeSeconds };
  const headSha = await repository.commit(head, { parents: [baseSha], ...time });
  const mirrorsDir = join(folder.path, 'mirrors');
  return {
    folder: folder.path,
    mirrorsDir,
    repository,
    baseSha,
    headSha,
    snapshot: (limits) => readSnapshot(repository, { mirrorsDir, headSha, baseSha, limits }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Snapshot of any two commits of a local repository, by a new source. */
export function readSnapshot(
  repository: TestRepository,
  options: {
    readonly mirrorsDir: string;
    readonly headSha: CommitSha;
    readonly baseSha: CommitSha;
    readonly limits?: Partial<SnapshotLimits> | undefined;
  },
): Promise<SourceSnapshot> {
  const { mirrorsDir, headSha, baseSha, limits } = options;
  const source = new GitSource({ mirrorsDir });
  const location = { mirrorKey: 'local-1', url: repository.path, token: null };
  const all = { ...roomyLimits, ...limits };
  return source.snapshot(location, { headSha, baseSha }, all, neverAborted);
}

/** A valid task for a snapshot; `cause` decides its id. */
export function taskInputFor(snapshot: SourceSnapshot, cause = 'one'): TaskInput {
  return {
    protocol: 2,
    taskId: taskIdFor(cause, 'review'),
    kind: 'review',
    agent: 'linters',
    headSha: snapshot.headSha,
    baseSha: snapshot.baseSha,
    instructions: null,
    changedFiles: [...snapshot.changedFiles],
    sourceDateEpoch: snapshot.headTime,
    limits: { agentMs: 1_000, resultBytes: 1_000, resultFiles: 10, findings: 10 },
  };
}

/** One entry of a bundle, its content as text. */
export interface BundleEntry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly linkname: string;
  readonly body: string;
}

/** All entries of a snapshot's bundle. */
export async function unpackBundle(
  snapshot: SourceSnapshot,
  extras: BundleExtras = {},
  input: TaskInput = taskInputFor(snapshot),
): Promise<BundleEntry[]> {
  const entries: BundleEntry[] = [];
  const tar = extract();
  snapshot.bundle(input, extras).stream().pipe(tar);
  for await (const entry of tar) {
    const { name, type, mode, linkname } = entry.header;
    entries.push({ name, type, mode, linkname, body: await text(entry) });
  }
  return entries;
}
