import type { Range } from '../domain/finding.ts';
import { plain } from './sanitise.ts';
import { contentOf } from './text-lines.ts';

/** Longest source line shown, in UTF-16 units: minified files exist. */
const maxLineLength = 300;

/** East Asian wide characters and emoji, which take two columns of a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]/u;
/** Marks that take no column of their own. */
const zeroWidth = /^(?:\p{M}|\u200d|\ufe0f)$/u;

/**
 * The first line of a range, and carets under it: from its start column to its end column, or to the end
 * of the line when the range goes on, or under the whole line when it has no columns.
 */
export function pointAt(line: string, range: Range): { code: string; pointer: string } {
  const content = contentOf(line);
  const from = Math.min((range.startColumn ?? firstColumn(content)) - 1, content.length);
  const end = Math.max(endOf(range, content), from);
  const before = plain(content.slice(0, from), maxLineLength);
  const marked = plain(content.slice(from, end), maxLineLength);
  return {
    code: plain(content, maxLineLength),
    pointer: blanks(before) + '^'.repeat(Math.max(1, widthOf(marked))),
  };
}

/** Index in `content` where the marked part ends; a start column alone marks one character. */
function endOf({ startLine, endLine, startColumn, endColumn }: Range, content: string): number {
  if (endLine !== startLine || startColumn === undefined) return content.length;
  return (endColumn ?? startColumn) - 1;
}

function firstColumn(content: string): number {
  return content.length - content.trimStart().length + 1;
}

/** As wide as `text`, with its tabs kept, so that the terminal puts both lines on the same tab stops. */
function blanks(text: string): string {
  return Array.from(text, (character) =>
    character === '\t' ? '\t' : ' '.repeat(widthOf(character)),
  ).join('');
}

function widthOf(text: string): number {
  return Array.from(text, columnsOf).reduce((sum, columns) => sum + columns, 0);
}

function columnsOf(character: string): number {
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
