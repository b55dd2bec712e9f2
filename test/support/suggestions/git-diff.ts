import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlayedChange } from './played-change.ts';

/** As the control plane asks for a pull request's diff, in folders in place of trees. */
const args = [
  'diff',
  '--no-index',
  '--no-prefix',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--find-renames=50%',
  '--unified=3',
  '--inter-hunk-context=0',
  '--diff-algorithm=myers',
  '--indent-heuristic',
];

/** Asks the machine's git for diffs. Its folder goes when this is disposed of. */
export class GitDiff implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sp-diff-'));

  /**
   * What git prints for a pull request of this one change.
   * @throws Error when git cannot run
   */
  of(change: Pick<PlayedChange, 'path' | 'basePath' | 'base' | 'head'>): Buffer {
    // git puts no prefix before the names of folders: theirs are the usual prefixes.
    for (const side of ['a', 'b']) {
      rmSync(join(this.#folder, side), { recursive: true, force: true });
      mkdirSync(join(this.#folder, side));
    }
    if (change.base !== null) this.#write('a', change.basePath, change.base);
    this.#write('b', change.path, change.head);
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    const command = [...args, 'a', 'b'];
    const { status, stdout, error } = spawnSync('git', command, { cwd: this.#folder, env });
    if (status !== 0 && status !== 1)
      throw new Error(`git diff ended with ${status}`, { cause: error });
    return stdout;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  #write(side: string, path: string, text: string): void {
    const file = join(this.#folder, side, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
