import { matchAt } from './html-tag.ts';

const title = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)/sy;
const bracketed = /<(?:[^<>\n\\]|\\.)*>/y;

/**
 * Finds where the target and the title of an inline link end (CommonMark 6.3). Takes more for a target than
 * CommonMark does (any run without white space), so that nothing of a link is missed.
 * To be asked from left to right: what one link has looked at is not looked at again for the next.
 */
export class LinkTails {
  readonly #text: string;
  /** The run without white space that was looked at last, and its last closing parenthesis. */
  #run = { to: 0, lastClose: -1 };
  #title: { readonly from: number; readonly to: number | undefined } = { from: -1, to: undefined };

  constructor(text: string) {
    this.#text = text;
  }

  /** The index after the link that goes on with `(` at `at`; undefined when there is no link. */
  endOf(at: number): number | undefined {
    if (this.#text[at] !== '(') return undefined;
    const from = this.#skipBlanks(at + 1);
    const angled = matchAt(bracketed, this.#text, from);
    const run = this.#runAt(from);
    const to = angled === undefined ? run.to : from + angled[0].length;
    const next = this.#skipBlanks(to);
    if (this.#text[next] === ')') return next + 1;
    const titleEnd = next > to ? this.#titleEnd(next) : undefined;
    if (titleEnd !== undefined) {
      const end = this.#skipBlanks(titleEnd);
      if (this.#text[end] === ')') return end + 1;
    }
    return run.lastClose >= from ? run.lastClose + 1 : undefined;
  }

  #skipBlanks(from: number): number {
    return from + (matchAt(/\s*/y, this.#text, from)?.[0].length ?? 0);
  }

  #runAt(from: number): { readonly to: number; readonly lastClose: number } {
    if (from < this.#run.to) return this.#run;
    const run = matchAt(/\S*/y, this.#text, from)?.[0] ?? '';
    const close = run.lastIndexOf(')');
    this.#run = { to: from + run.length, lastClose: close === -1 ? -1 : from + close };
    return this.#run;
  }

  #titleEnd(from: number): number | undefined {
    if (this.#title.from !== from) {
      const found = matchAt(title, this.#text, from)?.[0];
      this.#title = { from, to: found === undefined ? undefined : from + found.length };
    }
    return this.#title.to;
  }
}
