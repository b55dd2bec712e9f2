import { chmodSync, constants, copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NewFile } from './new-file.ts';

/** Permission bits of files; nobody but the owner could write to them, and here not even the owner. */
const modes = {
  writable: { plain: 0o644, executable: 0o755 },
  'read-only': { plain: 0o444, executable: 0o555 },
} as const;

/** A folder that is filled from empty; goes only through folders that it made itself. */
export class NewTree {
  readonly #root: string;
  readonly #modes: (typeof modes)[keyof typeof modes];
  readonly #folders = new Set<string>(['']);
  readonly #paths = new Set<string>();

  constructor(root: string, kind: keyof typeof modes = 'writable') {
    this.#root = root;
    this.#modes = modes[kind];
  }

  /** Makes a folder and its parents. Refuses what is there already and is not ours, links included. */
  folder(path: string): void {
    if (this.#folders.has(path)) return;
    this.folder(parentOf(path));
    mkdirSync(join(this.#root, path), { mode: 0o755 });
    this.#folders.add(path);
  }

  /** A file to be written. @throws when something is there already */
  file(path: string, executable: boolean): NewFile {
    return new NewFile(this.#placeFor(path), this.#modeOf(executable));
  }

  /** @throws when something is there already */
  link(path: string, target: string): void {
    symlinkSync(target, this.#placeFor(path));
  }

  /** A copy of a whole file. @throws when something is there already */
  copy(path: string, from: string, executable: boolean): void {
    const place = this.#placeFor(path);
    copyFileSync(from, place, constants.COPYFILE_EXCL);
    chmodSync(place, this.#modeOf(executable));
  }

  /** Was a file or a link made at this path? */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  #modeOf(executable: boolean): number {
    return executable ? this.#modes.executable : this.#modes.plain;
  }

  #placeFor(path: string): string {
    this.folder(parentOf(path));
    this.#paths.add(path);
    return join(this.#root, path);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
