import { contentLength } from './content-length.ts';
import { firstIndex } from './first-index.ts';
import type { TextEdit } from './text-edit.ts';

/** A stretch of a text in UTF-16 units, the end exclusive, and what stands there instead. */
type Span = { readonly start: number; readonly end: number; readonly newText: string };

/** A text with edits that do not touch each other. Places are always those of the text as it was. */
export class EditedText {
  readonly #text: string;
  readonly #lines: readonly string[];
  /** Where each line begins, and last the end of the text. */
  readonly #starts: readonly number[];
  /** In order of place. */
  #spans: Span[] = [];

  /** @param lines each with its own ending (`\n`, `\r\n`, or nothing on the last) */
  constructor(lines: readonly string[]) {
    this.#text = lines.join('');
    this.#lines = lines;
    let at = 0;
    const starts = lines.map((line) => {
      at += line.length;
      return at - line.length;
    });
    this.#starts = [...starts, at];
  }

  /**
   * Takes all of these edits, or none of them: false when one lies outside the text, splits a character, or
   * overlaps another or what was taken before. An edit that was taken already is taken again.
   */
  take(edits: readonly TextEdit[]): boolean {
    const before = this.#spans;
    this.#spans = [...before];
    const isTaken = edits.every((edit) => this.#insert(this.#spanOf(edit)));
    if (!isTaken) this.#spans = before;
    return isTaken;
  }

  /** The text with every edit that was taken. */
  toString(): string {
    const pieces: string[] = [];
    let at = 0;
    for (const { start, end, newText } of this.#spans) {
      pieces.push(this.#text.slice(at, start), newText);
      at = end;
    }
    return [...pieces, this.#text.slice(at)].join('');
  }

  #insert(span: Span | undefined): boolean {
    if (span === undefined) return false;
    const index = this.#indexOf(span);
    const [previous, next] = [this.#spans[index - 1], this.#spans[index]];
    if ([previous, next].some((one) => one !== undefined && isSame(one, span))) return true;
    if (previous !== undefined && touches(previous, span)) return false;
    if (next !== undefined && touches(span, next)) return false;
    this.#spans.splice(index, 0, span);
    return true;
  }

  /** How many of the spans come before this one. */
  #indexOf({ start, end }: Span): number {
    return firstIndex(
      this.#spans,
      (other) => other.start > start || (other.start === start && other.end > end),
    );
  }

  #spanOf(edit: TextEdit): Span | undefined {
    const endColumn = edit.endColumn ?? contentLength(this.#lines[edit.endLine - 1] ?? '') + 1;
    const start = this.#offsetOf(edit.startLine, edit.startColumn);
    const end = this.#offsetOf(edit.endLine, endColumn);
    if (start === undefined || end === undefined || end < start) return undefined;
    return { start, end, newText: edit.newText };
  }

  #offsetOf(line: number, column: number): number | undefined {
    const start = this.#starts[line - 1];
    // The last line has no ending, or the place after it is on a line of its own.
    const content = this.#lines[line - 1] ?? (this.#isOpenEnded() ? '' : undefined);
    if (start === undefined || content === undefined) return undefined;
    if (column > contentLength(content) + 1) return undefined;
    return isInsideCharacter(content, column - 1) ? undefined : start + column - 1;
  }

  /** Is there a line after the last one, which has nothing on it? */
  #isOpenEnded(): boolean {
    return this.#text === '' || this.#text.endsWith('\n');
  }
}

function isInsideCharacter(content: string, index: number): boolean {
  return (content.codePointAt(index - 1) ?? 0) > 0xffff;
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

/** Two insertions at one place touch: nothing says which comes first. `a` is not after `b`. */
function touches(a: Span, b: Span): boolean {
  return a.end > b.start || (a.start === b.start && a.end === b.end);
}
