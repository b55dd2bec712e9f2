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
export function alternativesOf(pattern: string): readonly string[] | undefined {
  // `split` puts what the braces hold at the odd places.
  const parts = pattern.split(/\{([^{}]*)\}/);
  if (parts.some((part, index) => index % 2 === 0 && /[{}]/.test(part))) return undefined;
  // Counted before any is written out.
  if (alternativeCount(pattern) > maxAlternatives) return undefined;
  let texts = [''];
  for (const [index, part] of parts.entries()) {
    const choices = index % 2 === 1 ? part.split(',') : [part];
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
  }
  return texts;
}

/** How many globs without braces a text with braces comes to, without writing them out. */
export function alternativeCount(pattern: string): number {
  const braces = pattern.match(/\{[^{}]*\}/g) ?? [];
  return braces.reduce((product, held) => product * held.split(',').length, 1);
}
