import type { Effort } from './effort.ts';
import { alternativesOf } from './glob.ts';
import { PathMatcher, splitPath } from './path-matcher.ts';

/** Globs made ready to be held against many paths. */
export class GlobList {
  readonly #globs: readonly { readonly glob: string; readonly matchers: readonly PathMatcher[] }[];
  readonly #asCompared: (text: string) => string;

  /** `asCompared` is how both globs and paths are spelled before they are compared. */
  constructor(globs: readonly string[], asCompared = (text: string): string => text) {
    this.#asCompared = asCompared;
    this.#globs = globs.map((glob) => {
      const texts = alternativesOf(glob) ?? [];
      return { glob, matchers: texts.map((text) => new PathMatcher(asCompared(text).split('/'))) };
    });
  }

  get isEmpty(): boolean {
    return this.#globs.length === 0;
  }

  /** The first glob that takes the path, or undefined. Null: the effort ran out before that was known. */
  find(path: string, effort: Effort): string | undefined | null {
    const split = splitPath(this.#asCompared(path));
    const found = this.#globs.find(({ matchers }) =>
      matchers.some((matcher) => matcher.takes(split, effort)),
    );
    return effort.isSpent ? null : found?.glob;
  }

  /** Does one of the globs take the path? Null: the effort ran out before that was known. */
  takes(path: string, effort: Effort): boolean | null {
    const found = this.find(path, effort);
    return found === null ? null : found !== undefined;
  }
}
