import { Readable } from 'node:stream';
import type { Header, Pack } from 'tar-stream';
import { pack } from 'tar-stream';
import type { Digest } from '../../domain/ids.ts';
import { digestOf } from '../../domain/ids.ts';
import { TaskInput } from '../../protocol/task-input.ts';
import { BlobStream } from './blob-stream.ts';
import type { HeadEntry } from './head-tree.ts';
import type { Mirror } from './mirror.ts';

/** What a bundle is made of. `base` and `entries` are sorted by path bytes. */
export interface BundleContent {
  readonly input: TaskInput;
  readonly diff: Uint8Array;
  readonly prompt: string | null;
  /** What of the merge base the head does not have. */
  readonly base: readonly HeadEntry[];
  readonly entries: readonly HeadEntry[];
}

/** Where a bundle's blobs are read. */
export interface BundleOrigin {
  readonly mirror: Mirror;
  readonly signal: AbortSignal;
}

type EntryHeader = Partial<Header> & Pick<Header, 'name'>;

/** The agent's user and group in the sandbox. */
const agentId = 1000;

/** Blobs up to this size are handed over whole, larger ones in the pieces git sends. */
const wholeBlobBytes = 1024 * 1024;

/**
 * The name of a bundle's content: SHA-256 over the task (without its id), the diff, the prompt and two lists of
 * [path, mode, blob id]. No blob is read for it; their ids stand for them. Two tasks with the same
 * commits, policy and instructions share a digest; their bundles differ in `taskId` alone.
 */
export function bundleDigest({ input, diff, prompt, base, entries }: BundleContent): Digest {
  const { taskId: _taskId, ...task } = TaskInput.parse(input);
  const named = (entry: HeadEntry) => [entry.path, modeOf(entry), entry.kind, entry.sha];
  const texts = { diff: digestOf(diff), prompt: prompt === null ? null : digestOf(prompt) };
  const trees = { base: base.map(named), files: entries.map(named) };
  return digestOf(JSON.stringify({ bundle: 2, task, ...texts, ...trees }));
}

/**
 * A tar of `task.json`, `diff.patch`, `prompt.md` where there is one, `base/<path>` and `head/<path>`, in this order,
 * byte for byte the same each time: fixed owner, modes and times, sorted paths. Made as it is read; ends with an error when the mirror
 * fails or `signal` aborts.
 */
export function bundleStream(content: BundleContent, origin: BundleOrigin): Readable {
  const tar = pack();
  const blobs = new BlobStream(origin.mirror, origin.signal, ['--buffer']);
  fill(tar, content, blobs)
    .catch((error: unknown) => {
      // An abort shows as a stream cut short; its reason is the better answer.
      tar.destroy(asError(origin.signal.aborted ? origin.signal.reason : error));
    })
    .finally(() => blobs.close());
  return asNodeStream(tar);
}

/**
 * A plain Node stream of a tar's bytes: errors reach its reader, and when the reader goes away early,
 * the tar ends too. `Readable.from` would do, were it not that it throws past every listener then.
 */
function asNodeStream(tar: Pack): Readable {
  const stream = new Readable({
    highWaterMark: wholeBlobBytes,
    read: () => tar.resume(),
    destroy: (error, done) => {
      tar.destroy(null);
      done(error);
    },
  });
  tar.on('data', (chunk: unknown) => {
    if (!stream.push(chunk)) tar.pause();
  });
  tar.on('end', () => stream.push(null));
  tar.on('error', (error: Error) => stream.destroy(error));
  // Readers have listeners of their own; a stream whose reader has left must not end the process.
  stream.on('error', () => undefined);
  return stream;
}

async function fill(tar: Pack, content: BundleContent, blobs: BlobStream): Promise<void> {
  // The schema puts the keys in one order and refuses any field that is not its own.
  const task = Buffer.from(JSON.stringify(TaskInput.parse(content.input)));
  await addWhole(tar, header('task.json', 0o644), task);
  await addWhole(tar, header('diff.patch', 0o644), Buffer.from(content.diff));
  if (content.prompt !== null)
    await addWhole(tar, header('prompt.md', 0o644), Buffer.from(content.prompt));
  const blobsOf = [...content.base, ...content.entries].filter(isBlob);
  blobs.askAll(blobsOf.map(({ sha }) => sha));
  for (const entry of content.base) await addEntry(tar, { folder: 'base', entry }, blobs);
  for (const entry of content.entries) await addEntry(tar, { folder: 'head', entry }, blobs);
  tar.finalize();
}

type Placed = { readonly folder: 'base' | 'head'; readonly entry: HeadEntry };

function isBlob({ target, content }: HeadEntry): boolean {
  return target === null && content === undefined;
}

async function addEntry(tar: Pack, { folder, entry }: Placed, blobs: BlobStream): Promise<void> {
  const named = header(`${folder}/${entry.path}`, modeOf(entry));
  if (entry.content !== undefined) await addWhole(tar, named, Buffer.from(entry.content));
  else if (entry.target === null) await addFile(tar, { named, sha: entry.sha }, blobs);
  else await addLink(tar, named, entry.target);
}

async function addFile(
  tar: Pack,
  { named, sha }: { readonly named: EntryHeader; readonly sha: string },
  blobs: BlobStream,
): Promise<void> {
  const size = await blobs.open(sha);
  if (size <= wholeBlobBytes) {
    await addWhole(tar, named, await blobs.content(size));
    return;
  }
  const { done, callback } = awaited();
  const sink = tar.entry({ ...named, size }, callback);
  for await (const piece of blobs.pieces(size)) {
    if (!sink.write(piece)) await Promise.race([drained(sink), done]);
  }
  sink.end(null);
  await done;
}

async function addWhole(tar: Pack, named: EntryHeader, bytes: Buffer): Promise<void> {
  const { done, callback } = awaited();
  tar.entry(named, bytes, callback);
  await done;
}

async function addLink(tar: Pack, named: EntryHeader, linkname: string): Promise<void> {
  const { done, callback } = awaited();
  tar.entry({ ...named, type: 'symlink', linkname }, callback);
  await done;
}

function header(name: string, mode: number): EntryHeader {
  return { name, mode, uid: agentId, gid: agentId, mtime: new Date(0), type: 'file' };
}

function modeOf({ kind }: HeadEntry): number {
  if (kind === 'symlink') return 0o777;
  return kind === 'executable' ? 0o755 : 0o644;
}

function awaited(): { done: Promise<void>; callback: (error?: Error | null) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const callback = (error?: Error | null): void => {
    if (error === undefined || error === null) resolve();
    else reject(error);
  };
  // Awaited in every path but one that fails first; then the first failure is the one that counts.
  promise.catch(() => undefined);
  return { done: promise, callback };
}

async function drained(sink: ReturnType<Pack['entry']>): Promise<void> {
  await new Promise<void>((resolve) => sink.once('drain', resolve));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
