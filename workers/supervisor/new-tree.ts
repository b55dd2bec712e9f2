import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that is filled from empty; goes only through folders that it made itself. */
export class NewTree {
  readonly #root: string;
  readonly #folders = new Set<string>(['']);

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a folder and its parents. Refuses what is there already and is not ours, links included. */
  folder(path: string): void {
    if (this.#folders.has(path)) return;
    this.folder(parentOf(path));
    mkdirSync(join(this.#root, path), { mode: 0o755 });
    this.#folders.add(path);
  }

  /** Where a file of this repository path goes; its folder exists afterwards. */
  placeFor(path: string): string {
    this.folder(parentOf(path));
    return join(this.#root, path);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
