import { tabStop, withoutTabs } from './block-marks.ts';

/** A place in one line of a document, moved on as containers take what marks them. */
export class LineCursor {
  /** With tabs as spaces: to block structure they are the same (CommonMark 2.2). */
  readonly #text: string;
  #at = 0;

  constructor(line: string) {
    this.#text = withoutTabs(line);
  }

  /** Spaces before the next character. */
  get indent(): number {
    let indent = 0;
    while (this.#text[this.#at + indent] === ' ') indent += 1;
    return indent;
  }

  /** What stands after the indent. */
  get rest(): string {
    return this.#text.slice(this.#at + this.indent);
  }

  get isBlank(): boolean {
    return this.rest === '';
  }

  /** Is what follows code, if it is not the text of a paragraph? */
  get isIndented(): boolean {
    return this.indent >= tabStop;
  }

  advance(columns: number): void {
    this.#at += columns;
  }

  /** Steps over the mark of a quote and one space; false when there is none. */
  takeQuoteMark(): boolean {
    if (this.isIndented || !this.rest.startsWith('>')) return false;
    this.advance(this.indent + 1);
    if (this.indent > 0) this.advance(1);
    return true;
  }
}
