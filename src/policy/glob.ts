import { z } from 'zod';

/** Most alternatives that the braces of one glob may come to. */
const maxAlternatives = 64;

/**
 * A glob over repository paths: `*` and `?` within a segment, `**` as a whole segment for any number of
 * them, `{a,b}` for alternatives. Files whose name starts with a dot are no exception.
 * Refuses classes, extended globs and negation: a backtracking engine would let a policy stop the
 * control plane (CVE-2024-4067), and `!` would turn a list of what is protected inside out.
 */
export const Glob = z
  .string()
  .max(256, 'a glob is at most 256 characters')
  .regex(
    /^(?![!/])[^\\[\]()]+$/,
    'a glob starts with neither ! nor /, and has none of \\ [ ] ( ); it knows *, **, ? and {a,b}',
  )
  .refine(isGlob, '** stands alone between slashes, and braces are closed and not nested');

function isGlob(pattern: string): boolean {
  const alternatives = alternativesOf(pattern);
  return alternatives?.every((text) => text.split('/').every(isSegment)) ?? false;
}

function isSegment(segment: string): boolean {
  return segment === '**' || (segment !== '' && !segment.includes('**'));
}

/** The globs without braces that `pattern` stands for; undefined when its braces are not well formed. */
function alternativesOf(pattern: string): readonly string[] | undefined {
  const parts = pattern.split(/\{([^{}]*)\}/);
  let texts = [''];
  for (const [index, part] of parts.entries()) {
    // `split` puts what the braces hold at the odd places.
    const choices = index % 2 === 1 ? part.split(',') : [part];
    if (index % 2 === 0 && /[{}]/.test(part)) return undefined;
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
    if (texts.length > maxAlternatives) return undefined;
  }
  return texts;
}

/** Does the glob take the path? What is no `Glob` takes nothing. Time: pattern times path. */
export function matchesGlob(pattern: string, path: string): boolean {
  const segments = path.split('/');
  const texts = alternativesOf(pattern) ?? [];
  return texts.some((text) => matchesSegments(text.split('/'), segments));
}

/** Do the segments of a pattern take those of a path? `**` takes any number of them, none included. */
export function matchesSegments(wanted: readonly string[], given: readonly string[]): boolean {
  return matchesSequence({
    wanted,
    given,
    isOpen: (segment) => segment === '**',
    fits: matchesSegment,
  });
}

function matchesSegment(wanted: string, given: string): boolean {
  return matchesSequence({
    wanted: wanted.split(''),
    given: given.split(''),
    isOpen: (character) => character === '*',
    fits: (character, other) => character === '?' || character === other,
  });
}

interface Sequence {
  readonly wanted: readonly string[];
  readonly given: readonly string[];
  /** Does this stand for any number of items? */
  readonly isOpen: (item: string) => boolean;
  readonly fits: (item: string, other: string) => boolean;
}

/** Wildcard matching that goes back to the last open item only, so that time is bounded by the product. */
function matchesSequence({ wanted, given, isOpen, fits }: Sequence): boolean {
  let at = 0;
  let open: { readonly wanted: number; given: number } | undefined;
  for (let index = 0; index < given.length; ) {
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
  return wanted.slice(at).every(isOpen);
}
