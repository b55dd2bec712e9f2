import { z } from 'zod';

/**
 * Which paths a rule takes: segments between `/`; `*` stands for any characters within a segment and
 * may occur once in it, `**` as the last segment for all that follows.
 * No other wildcards, so that matching takes time in proportion to the path alone.
 */
export const PathPattern = z
  .string()
  .max(1024)
  .refine(isPattern, 'must be /-separated, with * once in a segment and ** only as the last one');

function isPattern(pattern: string): boolean {
  if (!/^\/[A-Za-z0-9._~!$&'()+,;=:@%*/-]*$/.test(pattern)) return false;
  const segments = pattern.slice(1).split('/');
  return segments.every(
    (segment, index) =>
      (segment === '**' && index === segments.length - 1) || segment.split('*').length <= 2,
  );
}

/** Does `pattern` take `path`? Both start with `/`; the path is normalised, without its query. */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.slice(1).split('/');
  const given = path.slice(1).split('/');
  const isOpen = wanted.at(-1) === '**';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  if (isOpen ? given.length <= fixed.length : given.length !== fixed.length) return false;
  const heads = given.slice(0, fixed.length);
  return heads.every((segment, index) => matchesSegment(fixed[index], segment));
}

function matchesSegment(pattern: string | undefined, segment: string): boolean {
  const star = pattern?.indexOf('*');
  if (pattern === undefined || star === undefined || star === -1) return pattern === segment;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return (
    segment.length >= before.length + after.length &&
    segment.startsWith(before) &&
    segment.endsWith(after)
  );
}
