import { type HtmlTag, matchAt, readTag } from './html-tag.ts';
import { LinkTails } from './link-tails.ts';

/** A part of a paragraph that a reader does not see as text of its own. `to` is exclusive. */
export interface Hidden {
  readonly from: number;
  readonly to: number;
  readonly isComment: boolean;
}

/** What is in a paragraph besides its text. */
export interface InlineScan {
  readonly hidden: readonly Hidden[];
  readonly tags: readonly (HtmlTag & { readonly at: number })[];
  /** Does an HTML comment start here that does not end here? */
  readonly isCommentOpen: boolean;
}

/** CommonMark 0.31, 6.6: raw HTML that is no tag, by what starts and what ends it. */
const rawHtml: readonly (readonly [start: string, end: string])[] = [
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];
/** 6.5: both kinds may hold backticks, which then open no code. */
const autolink =
  /<(?:[A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+)>/y;
const backticks = /`+/y;
/**
 * Finds what CommonMark takes out of a paragraph's text: code spans, tags, comments, the targets, titles and
 * labels of links, the text of images. One pass from left to right, as the specification has it: whatever
 * starts first binds. Where it says more than is hidden, a command is missed; it never says less.
 */
export function scanInline(text: string): InlineScan {
  return new InlineScanner(text, { isRaw: false }).scan();
}

/** The same for raw HTML, where nothing but tags and comments means anything. */
export function scanHtml(text: string): InlineScan {
  return new InlineScanner(text, { isRaw: true }).scan();
}

class InlineScanner {
  readonly #text: string;
  readonly #isRaw: boolean;
  readonly #links: LinkTails;
  readonly #hidden: Hidden[] = [];
  readonly #tags: (HtmlTag & { at: number })[] = [];
  readonly #brackets: { readonly at: number; readonly isHiding: boolean }[] = [];
  /** Where runs of so many backticks start, those before the scanner taken off. */
  readonly #runs = new Map<number, number[]>();
  /** Ends that were looked for and are not there: looked for once, or `<?<?<?…` would take for ever. */
  readonly #missing = new Set<string>();
  #isCommentOpen = false;
  #at = 0;

  constructor(text: string, { isRaw }: { readonly isRaw: boolean }) {
    this.#text = text;
    this.#isRaw = isRaw;
    this.#links = new LinkTails(text);
    for (const { 0: run, index } of [...text.matchAll(/`+/g)].reverse()) {
      const starts = this.#runs.get(run.length);
      if (starts === undefined) this.#runs.set(run.length, [index]);
      else starts.push(index);
    }
  }

  scan(): InlineScan {
    while (this.#at < this.#text.length) this.#step();
    return { hidden: this.#hidden, tags: this.#tags, isCommentOpen: this.#isCommentOpen };
  }

  #step(): void {
    const character = this.#text[this.#at];
    if (character === '<') this.#takeAngle();
    else if (this.#isRaw) this.#at += 1;
    else if (character === '`') this.#takeCode();
    else if (character === '[') this.#openBracket();
    else if (character === ']') this.#closeBracket();
    // A backslash before a letter escapes nothing, and skipping the letter changes nothing.
    else this.#at += character === '\\' ? 2 : 1;
  }

  #hide(to: number, isComment = false): void {
    this.#hidden.push({ from: this.#at, to, isComment });
    this.#at = to;
  }

  #takeCode(): void {
    const length = matchAt(backticks, this.#text, this.#at)?.[0].length ?? 1;
    const starts = this.#runs.get(length) ?? [];
    const from = this.#at + length;
    while ((starts.at(-1) ?? from) < from) starts.pop();
    const end = starts.at(-1);
    if (end === undefined) this.#at = from;
    else this.#hide(end + length);
  }

  #takeAngle(): void {
    const raw = rawHtml.find(([start]) => this.#text.startsWith(start, this.#at));
    const end = raw === undefined ? undefined : this.#endOf(raw[1]);
    const tag = readTag(this.#text, this.#at);
    if (tag !== undefined) this.#tags.push({ ...tag, at: this.#at });
    if (this.#text.startsWith('<!--', this.#at)) this.#takeComment();
    else if (end !== undefined) this.#hide(end);
    else if (tag !== undefined) this.#hide(tag.end);
    else this.#at += matchAt(autolink, this.#text, this.#at)?.[0].length ?? 1;
  }

  /** An unclosed comment is text to CommonMark; whoever wrote it meant to hide what follows. */
  #takeComment(): void {
    const short = matchAt(/<!--?-?>/y, this.#text, this.#at);
    const end = short === undefined ? this.#endOf('-->') : this.#at + short[0].length;
    this.#isCommentOpen ||= end === undefined;
    this.#hide(end ?? this.#text.length, true);
  }

  #endOf(mark: string): number | undefined {
    if (this.#missing.has(mark)) return undefined;
    const at = this.#text.indexOf(mark, this.#at + 2);
    if (at !== -1) return at + mark.length;
    this.#missing.add(mark);
    return undefined;
  }

  #openBracket(): void {
    const before = this.#text[this.#at - 1];
    this.#brackets.push({ at: this.#at, isHiding: before === '!' || before === ']' });
    this.#at += 1;
  }

  #closeBracket(): void {
    const open = this.#brackets.pop();
    if (open?.isHiding) this.#hidden.push({ from: open.at, to: this.#at, isComment: false });
    this.#at += 1;
    const end = open === undefined ? undefined : this.#links.endOf(this.#at);
    if (end !== undefined) this.#hide(end);
  }
}
