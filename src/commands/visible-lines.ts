import { type Hidden, type InlineScan, scanHtml, scanInline } from './inline-scan.ts';
import { topLevelBlocks } from './top-level-blocks.ts';

/** Elements whose content is folded away, quoted, code, struck out or not shown. */
const setApart = new Set(
  'blockquote code del details iframe kbd math noscript pre q s samp script select strike style svg template textarea title tt var video xmp'.split(
    ' ',
  ),
);

/**
 * The lines of a Markdown document that its author says in their own name, as they stand in the source:
 * text of paragraphs outside code, quotes, lists, HTML comments, tags and link targets, and outside HTML
 * that quotes or folds (`<blockquote>`, `<details>`: what is folded away is not what a reader sees said).
 */
export function visibleLines(body: string): readonly string[] {
  const reader = new LineReader();
  for (const block of topLevelBlocks(body)) {
    if (block.kind === 'paragraph') reader.takeParagraph(block.lines);
    else reader.takeHtml(block.lines.join('\n'));
  }
  return reader.lines;
}

class LineReader {
  readonly lines: string[] = [];
  /** How many elements of each kind are open that set their content apart. */
  readonly #open = new Map<string, number>();
  #isInComment = false;

  /** Raw HTML shows no line, but what it opens holds for what follows. */
  takeHtml(text: string): void {
    if (this.#isStillInComment(text)) return;
    const scan = scanHtml(text);
    for (const tag of scan.tags) this.#take(tag);
    this.#isInComment = scan.isCommentOpen;
  }

  takeParagraph(lines: readonly string[]): void {
    const text = lines.join('\n');
    if (this.#isStillInComment(text)) return;
    const scan = scanInline(text);
    if (!isDefinition(text)) this.#takeLines(lines, scan);
    else for (const tag of scan.tags) this.#take(tag);
    this.#isInComment = scan.isCommentOpen;
  }

  #takeLines(lines: readonly string[], { hidden, tags }: InlineScan): void {
    const regions = new Ahead(
      [...hidden].sort((a, b) => a.from - b.from),
      (one) => one.from,
    );
    const waiting = new Ahead(tags, (tag) => tag.at);
    let at = 0;
    let hiddenTo = 0;
    for (const line of lines) {
      for (const tag of waiting.before(at)) this.#take(tag);
      const own = regions.before(at + line.length);
      if (hiddenTo <= at && this.#open.size === 0) this.lines.push(withoutComments(line, at, own));
      for (const region of own) hiddenTo = Math.max(hiddenTo, region.to);
      at += line.length + 1;
    }
    for (const tag of waiting.before(at)) this.#take(tag);
  }

  /** Only in a comment that no blank line ended: over-careful, since GitHub shows what follows it. */
  #isStillInComment(text: string): boolean {
    if (!this.#isInComment) return false;
    this.#isInComment = !text.includes('-->');
    return true;
  }

  #take({ name, isClosing }: { readonly name: string; readonly isClosing: boolean }): void {
    if (!setApart.has(name)) return;
    const count = (this.#open.get(name) ?? 0) + (isClosing ? -1 : 1);
    if (count > 0) this.#open.set(name, count);
    else this.#open.delete(name);
  }
}

/** Things by where they are, taken in order. */
class Ahead<Thing> {
  readonly #things: readonly Thing[];
  readonly #placeOf: (thing: Thing) => number;
  #next = 0;

  constructor(things: readonly Thing[], placeOf: (thing: Thing) => number) {
    this.#things = things;
    this.#placeOf = placeOf;
  }

  /** Those before `place` that have not been taken. */
  before(place: number): readonly Thing[] {
    const from = this.#next;
    for (let thing = this.#things[from]; thing !== undefined; thing = this.#things[this.#next]) {
      if (this.#placeOf(thing) >= place) break;
      this.#next += 1;
    }
    return this.#things.slice(from, this.#next);
  }
}

/**
 * Could the paragraph start with a link reference or footnote definition? Then none of its lines counts:
 * its label, target and title may each be on a line of their own.
 */
function isDefinition(text: string): boolean {
  return /^ {0,3}\[(?:[^\]\\]|\\.)*\]:/s.test(text);
}

/** A command with a comment behind it is the command; what the comment says is not part of it. */
function withoutComments(line: string, at: number, regions: readonly Hidden[]): string {
  let text = '';
  let from = 0;
  for (const region of regions) {
    if (!region.isComment) continue;
    text += line.slice(from, region.from - at);
    from = region.to - at;
  }
  return text + line.slice(from);
}
