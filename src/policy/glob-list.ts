import type { Effort } from './effort.ts';
import { alternativesOf } from './glob.ts';
import { PathMatcher, type SplitPath } from './path-matcher.ts';

/** How a glob or a path may be read; each reading is a list of segments. */
type ReadingsOf = (text: string) => readonly (readonly string[])[];

/** Globs made ready to be held against many paths. */
export class GlobList {
  readonly #globs: readonly { readonly glob: string; readonly matchers: readonly PathMatcher[] }[];
  readonly #readingsOf: ReadingsOf;

  /** Any reading of a glob takes any of a path. */
  constructor(globs: readonly string[], readingsOf: ReadingsOf = (text) => [text.split('/')]) {
    this.#readingsOf = readingsOf;
    this.#globs = globs.map((glob) => {
      const readings = (alternativesOf(glob) ?? []).flatMap(readingsOf);
      return { glob, matchers: readings.map((segments) => new PathMatcher(segments)) };
    });
  }

  get isEmpty(): boolean {
    return this.#globs.length === 0;
  }

  /** The first glob that takes the path, or undefined. Null: the effort ran out before that was known. */
  find(path: string, effort: Effort): string | undefined | null {
    const readings = this.#readingsOf(path).map(
      (segments): SplitPath => ({ text: segments.join('/'), segments }),
    );
    const found = this.#globs.find(({ matchers }) =>
      matchers.some((matcher) => readings.some((reading) => matcher.takes(reading, effort))),
    );
    return effort.isSpent ? null : found?.glob;
  }

  /** Does one of the globs take the path? Null: the effort ran out before that was known. */
  takes(path: string, effort: Effort): boolean | null {
    const found = this.find(path, effort);
    return found === null ? null : found !== undefined;
  }
}
