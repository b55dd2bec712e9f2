/** What applying needs of a suggestion. */
export interface Replacement {
  readonly startLine: number;
  readonly endLine: number;
  readonly replacement: string;
}

/**
 * `text` after GitHub has committed these suggestions (in order, not overlapping) in one batch: the lines
 * of each range give way to the lines of the fenced block, and an empty block deletes the range.
 * Written without the code that derives suggestions, to check it.
 */
export function applySuggestions(text: string, suggestions: readonly Replacement[]): string {
  const lines = text.split('\n');
  const parts: string[][] = [];
  let next = 0;
  for (const { startLine, endLine, replacement } of suggestions) {
    parts.push(lines.slice(next, startLine - 1), replacement.split('\n').slice(0, -1));
    next = endLine;
  }
  parts.push(lines.slice(next));
  return parts.flat().join('\n');
}
