/** Globs, and a path of which it takes millions of comparisons to tell that they do not take it. */
export const slowGlobs = Array.from({ length: 20 }, (_, index) => `*${'a?'.repeat(index + 90)}b*`);
export const slowPath = 'a'.repeat(4_000);

/** The globs as a list in a policy's YAML. */
export const slowList = `[${slowGlobs.map((glob) => `"${glob}"`).join(', ')}]`;
