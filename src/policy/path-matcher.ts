import type { Effort } from './effort.ts';

/** Characters of a path that are searched through in the time of one comparison. */
const charactersAStep = 256;

/**
 * A pattern over paths, made ready to be held against many: `*` and `?` within a segment, `**` as a whole
 * one for any number of them. Most paths are turned away by how they begin and end, and by what is not in them.
 */
export class PathMatcher {
  readonly #segments: readonly string[];
  readonly #start: string;
  readonly #end: string;
  readonly #within: string;

  constructor(segments: readonly string[]) {
    this.#segments = segments;
    this.#start = startOf(segments);
    this.#end = endOf(segments);
    this.#within = longest(segments.flatMap((segment) => segment.split(/[*?]/)));
  }

  /** Does it take the path? No as well where the effort ran out: the caller asks that. Time: pattern times path. */
  takes({ text, segments }: SplitPath, effort: Effort): boolean {
    if (!effort.spend(1 + Math.floor(text.length / charactersAStep))) return false;
    if (!text.startsWith(this.#start) || !text.endsWith(this.#end)) return false;
    if (!text.includes(this.#within)) return false;
    return matchesSequence({
      wanted: this.#segments,
      given: segments,
      isOpen: (segment) => segment === '**',
      fits: (wanted, given) => wanted === given || matchesSegment(wanted, given, effort),
      effort,
    });
  }
}

/** A path, split once for all the patterns that it is held against. */
export interface SplitPath {
  readonly text: string;
  readonly segments: readonly string[];
}

/** A path as matchers take it. */
export function splitPath(text: string): SplitPath {
  return { text, segments: text.split('/') };
}

/** What every path that is taken begins with. `a/**` takes `a`: no slash beside `**` is in it. */
function startOf(segments: readonly string[]): string {
  const wild = segments.findIndex(isWild);
  if (wild === -1) return segments.join('/');
  const word = segments[wild] as string;
  const before = segments.slice(0, wild);
  return (word === '**' ? before : [...before, word.replace(/[*?].*$/s, '')]).join('/');
}

/** What every path that is taken ends with. */
function endOf(segments: readonly string[]): string {
  const wild = segments.findLastIndex(isWild);
  if (wild === -1) return segments.join('/');
  const word = segments[wild] as string;
  const after = segments.slice(wild + 1);
  return (word === '**' ? after : [word.replace(/^.*[*?]/s, ''), ...after]).join('/');
}

function longest(texts: readonly string[]): string {
  return texts.reduce((most, text) => (text.length > most.length ? text : most), '');
}

function isWild(segment: string): boolean {
  return /[*?]/.test(segment);
}

function matchesSegment(wanted: string, given: string, effort: Effort): boolean {
  return matchesSequence({
    wanted,
    given,
    isOpen: (character) => character === '*',
    fits: (character, other) => character === '?' || character === other,
    effort,
  });
}

interface Sequence {
  readonly wanted: ArrayLike<string>;
  readonly given: ArrayLike<string>;
  /** Does this stand for any number of items? */
  readonly isOpen: (item: string) => boolean;
  readonly fits: (item: string, other: string) => boolean;
  readonly effort: Effort;
}

/** Wildcard matching that goes back to the last open item only, so that time is bounded by the product. */
function matchesSequence({ wanted, given, isOpen, fits, effort }: Sequence): boolean {
  let at = 0;
  let open: { readonly wanted: number; given: number } | undefined;
  for (let index = 0; index < given.length; ) {
    if (!effort.spend(1)) return false;
    const item = wanted[at];
    if (item !== undefined && isOpen(item)) {
      open = { wanted: at, given: index };
      at += 1;
    } else if (item !== undefined && fits(item, given[index] as string)) {
      at += 1;
      index += 1;
    } else {
      if (open === undefined) return false;
      open.given += 1;
      index = open.given;
      at = open.wanted + 1;
    }
  }
  while (at < wanted.length && isOpen(wanted[at] as string)) at += 1;
  return at === wanted.length;
}
