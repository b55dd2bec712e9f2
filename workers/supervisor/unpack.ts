import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { TaskInput } from '../../src/protocol/task-input.ts';
import type { GivenFile, GivenFiles } from './given-files.ts';
import { NewFile } from './new-file.ts';
import { NewTree } from './new-tree.ts';
import type { Places } from './places.ts';
import { isRepoPath } from './repo-path.ts';
import type { TarHeader } from './tar-header.ts';
import { type EntryBody, noBody, TarReader } from './tar-reader.ts';

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
  const reader = new TarReader((header) => beginEntry(header, { places, tree, given }));
  await readAll(bundle, reader);
  const text = readFileSync(join(places.task, 'task.json'), 'utf8');
  return { input: TaskInput.parse(JSON.parse(text)), given };
}

async function readAll(bundle: Readable, reader: TarReader): Promise<void> {
  const read = Promise.withResolvers<void>();
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      reader.abandon();
      bundle.removeAllListeners('data');
      read.reject(error);
    }
  };
  bundle.on('data', (chunk: Buffer) => attempt(() => reader.push(chunk)));
  bundle.on('end', () => {
    attempt(() => reader.end());
    read.resolve();
  });
  bundle.on('error', read.reject);
  // Node ends a reset stream like a finished one; the archive then lacks its last blocks.
  bundle.on('aborted', () => read.reject(new Error('the input was broken off')));
  await read.promise;
}

type Target = {
  readonly places: Places;
  readonly tree: NewTree;
  readonly given: Map<string, GivenFile>;
};

function beginEntry(header: TarHeader, target: Target): EntryBody {
  const { name, type } = header;
  if (taskFiles.includes(name) && type === 'file')
    return bodyOf(new NewFile(join(target.places.task, name)));
  const path = headPath(name);
  if (path === undefined) throw new Error(`the input has an entry with no place: ${name}`);
  if (type !== 'directory') return beginFile(header, path, target);
  if (path !== '') target.tree.folder(path);
  return noBody;
}

function beginFile({ type, mode, linkname }: TarHeader, path: string, target: Target): EntryBody {
  const place = target.tree.placeFor(path);
  if (type === 'symlink') {
    symlinkSync(linkname, place);
    target.given.set(path, { kind: 'symlink', target: linkname });
    return noBody;
  }
  if (type !== 'file') throw new Error(`the input has a ${type}: ${path}`);
  const executable = (mode & 0o100) !== 0;
  return bodyOf(new NewFile(place, executable), (written) =>
    target.given.set(path, { kind: 'file', executable, ...written }),
  );
}

function bodyOf(
  file: NewFile,
  onEnd: (written: ReturnType<NewFile['end']>) => unknown = () => undefined,
): EntryBody {
  return {
    write: (piece) => file.write(piece),
    end: () => void onEnd(file.end()),
    abandon: () => file.close(),
  };
}

/** `head/` itself gives ''. */
function headPath(name: string): string | undefined {
  const path = name.replace(/\/$/, '');
  if (path === 'head') return '';
  if (!path.startsWith('head/')) return undefined;
  const rest = path.slice('head/'.length);
  return isRepoPath(rest) ? rest : undefined;
}
