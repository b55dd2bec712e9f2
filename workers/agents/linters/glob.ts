/**
 * Does `name` match a shell pattern as Python's `fnmatch` has it: `*` any text (slashes too), `?`
 * one character? Brackets are taken literally. Linear in practice and never exponential: a
 * repository's pattern must not be able to hang the run.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p;
      resume = n;
      p += 1;
    } else if (pattern[p] === '?' || (p < pattern.length && pattern[p] === name[n])) {
      n += 1;
      p += 1;
    } else if (star !== -1) {
      p = star + 1;
      resume += 1;
      n = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
