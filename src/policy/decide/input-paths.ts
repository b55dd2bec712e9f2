import type { EffectiveTask } from '../effective-policy.ts';
import type { Effort } from '../effort.ts';
import { GlobList } from '../glob-list.ts';

/** Which files of the repository go into the sandbox: what every layer includes and none excludes. */
export class InputPaths {
  readonly #exclude: GlobList;
  readonly #include: readonly GlobList[];

  constructor({ inputs: { include, exclude } }: Pick<EffectiveTask, 'inputs'>) {
    this.#exclude = new GlobList(exclude);
    this.#include = include.map((globs) => new GlobList(globs));
  }

  /** Does the file go in? What the effort does not suffice to tell of stays outside. */
  takes(path: string, effort: Effort): boolean {
    if (this.#exclude.takes(path, effort) !== false) return false;
    return this.#include.every((globs) => globs.takes(path, effort) === true);
  }
}
