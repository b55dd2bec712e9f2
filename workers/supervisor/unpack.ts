import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { TaskInput } from '../../src/protocol/task-input.ts';
import type { GivenFile, GivenFiles } from './given-files.ts';
import { NewTree } from './new-tree.ts';
import type { Places } from './places.ts';
import { isRepoPath } from './repo-path.ts';
import { writeNewFile } from './write-new-file.ts';

/** The task and the record of what the agent is given. */
export type Unpacked = {
  readonly input: TaskInput;
  readonly given: GivenFiles;
};

const taskFiles: readonly string[] = ['task.json', 'diff.patch'];

/**
 * Unpacks the input bundle: `head/` into the workspace, the task's files beside it.
 * Refuses every entry but regular files, folders and symlinks of the head tree, anything that is
 * there already, and a path through anything but a folder made here.
 */
export async function unpack(bundle: Readable, places: Places): Promise<Unpacked> {
  const given = new Map<string, GivenFile>();
  const tree = new NewTree(places.workspace);
  const archive = extract();
  const piped = new Promise<never>((_, reject) => {
    bundle.on('error', reject);
    // Node ends a reset stream like a finished one; the archive then lacks its last blocks.
    bundle.on('aborted', () => reject(new Error('the input was broken off')));
  });
  bundle.pipe(archive);
  const entries = (async () => {
    for await (const entry of archive) await unpackEntry(entry, { places, tree, given });
  })();
  await Promise.race([entries, piped]);
  bundle.resume();
  const text = readFileSync(join(places.task, 'task.json'), 'utf8');
  return { input: TaskInput.parse(JSON.parse(text)), given };
}

/** A file in the archive: a stream of its bytes. */
type Entry = AsyncIterable<unknown> & { readonly header: Header; resume(): unknown };

type Target = {
  readonly places: Places;
  readonly tree: NewTree;
  readonly given: Map<string, GivenFile>;
};

async function unpackEntry(entry: Entry, target: Target): Promise<void> {
  const { name, type } = entry.header;
  if (taskFiles.includes(name) && type === 'file') {
    await writeNewFile(entry, join(target.places.task, name));
    return;
  }
  const path = headPath(name);
  if (path === undefined) throw new Error(`the input has an entry with no place: ${name}`);
  if (type === 'directory') {
    if (path !== '') target.tree.folder(path);
    entry.resume();
  } else target.given.set(path, await unpackFile(entry, path, target.tree));
}

async function unpackFile(entry: Entry, path: string, tree: NewTree): Promise<GivenFile> {
  const { type, mode, linkname } = entry.header;
  const place = tree.placeFor(path);
  if (type === 'symlink') {
    symlinkSync(linkname, place);
    entry.resume();
    return { kind: 'symlink', target: linkname };
  }
  if (type !== 'file') throw new Error(`the input has a ${type}: ${path}`);
  const executable = (mode & 0o100) !== 0;
  return { kind: 'file', executable, ...(await writeNewFile(entry, place, executable)) };
}

/** `head/` itself gives ''. */
function headPath(name: string): string | undefined {
  const path = name.replace(/\/$/, '');
  if (path === 'head') return '';
  if (!path.startsWith('head/')) return undefined;
  const rest = path.slice('head/'.length);
  return isRepoPath(rest) ? rest : undefined;
}
