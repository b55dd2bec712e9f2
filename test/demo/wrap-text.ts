/** Control and format characters: an escape sequence in a file name must not drive the terminal. */
const HIDDEN = /[\p{Cc}\p{Cf}]/gu;

/** Text with control and format characters shown as `[U+001B]`. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (one) => `[U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/**
 * Breaks one line at spaces so that no piece is longer than `width` characters; words that are longer, such
 * as addresses, stay whole. Lines after the first are indented by `indent` more than the text itself is.
 */
export function wrapText(text: string, width: number, indent = 2): readonly string[] {
  const [margin = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(' ')) {
    const start = lines.length === 0 ? margin : margin + ' '.repeat(indent);
    const longer = line === '' ? start + word : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = margin + ' '.repeat(indent) + word;
    } else line = longer;
  }
  return [...lines, line];
}
