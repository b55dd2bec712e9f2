import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { TaskInput } from '../../src/protocol/task-input.ts';
import { completeBase } from './complete-base.ts';
import type { GivenFile, GivenFiles } from './given-files.ts';
import type { Identity } from './identity.ts';
import { InputEntries } from './input-entries.ts';
import { NewTree } from './new-tree.ts';
import type { Places } from './places.ts';
import { TarReader } from './tar-reader.ts';

/** The task and the record of what the agent is given. */
export type Unpacked = {
  readonly input: TaskInput;
  readonly given: GivenFiles;
};

/**
 * Unpacks the input bundle: first the task's files and what `base/` has, as root; then `head/` into the workspace, as
 * the agent. What the head has of the base already is copied to it last. Refuses every entry but regular files,
 * folders and symlinks of the trees, anything that is there already, and a path through anything but a folder
 * made here.
 */
export async function unpack(
  bundle: Readable,
  { places, agent }: { readonly places: Places; readonly agent: Identity },
): Promise<Unpacked> {
  const given = new Map<string, GivenFile>();
  const base = new NewTree(places.base, 'read-only');
  const trees = { head: new NewTree(places.workspace), base };
  const entries = new InputEntries({ task: places.task, trees, given, agent });
  try {
    await readAll(bundle, new TarReader((header) => entries.begin(header)));
  } finally {
    entries.end();
  }
  const input = TaskInput.parse(JSON.parse(readFileSync(join(places.task, 'task.json'), 'utf8')));
  completeBase(base, { input, given, workspace: places.workspace });
  return { input, given };
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
