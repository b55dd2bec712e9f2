/** A suggestion as GitHub has it: lines of the head file, 1-based and inclusive, and the text for them. */
export interface Commitable {
  readonly startLine: number;
  readonly endLine: number;
  readonly replacement: string;
}

/** The lines of a text with their endings; only a line feed ends one. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The lines of a file after one suggestion is committed. Written with none of the product's code.
 * @throws Error for lines that the file does not have
 */
export function commit(lines: readonly string[], suggestion: Commitable): string[] {
  const { startLine, endLine, replacement } = suggestion;
  if (startLine < 1 || endLine < startLine || endLine > lines.length)
    throw new Error(`there are no lines ${startLine} to ${endLine}`);
  return lines.toSpliced(startLine - 1, endLine - startLine + 1, ...linesOf(replacement));
}

/** The text after all suggestions are committed in one batch. */
export function commitBatch(text: string, suggestions: readonly Commitable[]): string {
  // From the last to the first, so that the lines of those to come keep their numbers.
  return suggestions
    .toSorted((a, b) => b.startLine - a.startLine)
    .reduce<readonly string[]>(commit, linesOf(text))
    .join('');
}

/** The text after one commit for each suggestion in this order, each where GitHub then shows it. */
export function commitOneByOne(text: string, suggestions: readonly Commitable[]): string {
  let lines: readonly string[] = linesOf(text);
  let waiting = suggestions;
  for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
    const { endLine } = next;
    const committed = commit(lines, next);
    const shift = committed.length - lines.length;
    waiting = waiting.slice(1).map((one) => (one.startLine > endLine ? moved(one, shift) : one));
    lines = committed;
  }
  return lines.join('');
}

function moved(suggestion: Commitable, shift: number): Commitable {
  const { startLine, endLine, replacement } = suggestion;
  return { startLine: startLine + shift, endLine: endLine + shift, replacement };
}
