import {
  fenceEnd,
  fenceStart,
  heading,
  itemMark,
  mayInterrupt,
  rule,
  tabStop,
  underline,
} from './block-marks.ts';
import { htmlBlockStart } from './html-block.ts';
import { LineCursor } from './line-cursor.ts';

/** What stands in a document outside every list and quote: the lines of a paragraph, or of raw HTML. */
export type TopLevelBlock = { readonly kind: 'paragraph' | 'html'; readonly lines: string[] };

type Container =
  | { readonly kind: 'quote' }
  | { readonly kind: 'item'; readonly width: number; isEmpty: boolean };

type Leaf =
  | { readonly kind: 'none' | 'paragraph' }
  | { readonly kind: 'fence'; readonly mark: string }
  | { readonly kind: 'html'; readonly ends: RegExp | null };

/** Nobody nests deeper; each level costs time on each line. */
const maxDepth = 50;
const noLeaf: Leaf = { kind: 'none' };

/**
 * The blocks of a Markdown document (CommonMark 0.31) that are in no list item and no quote, also not as a
 * lazy continuation. Code is left out. Reads nothing after a place nested deeper than 50 levels.
 */
export function topLevelBlocks(body: string): readonly TopLevelBlock[] {
  const scanner = new BlockScanner();
  for (const line of body.split(/\r\n|\r|\n/)) {
    if (!scanner.take(line)) break;
  }
  return scanner.blocks;
}

class BlockScanner {
  readonly blocks: TopLevelBlock[] = [];
  readonly #containers: Container[] = [];
  #leaf: Leaf = noLeaf;
  /** Containers that the present line continues. */
  #matched = 0;
  #line = '';
  #cursor = new LineCursor('');

  /** Reads the next line; false when no more can be said of what follows. */
  take(line: string): boolean {
    this.#line = line;
    this.#cursor = new LineCursor(line);
    this.#matchContainers();
    if (this.#isAllMatched && this.#continueRawLeaf()) return true;
    while (this.#startContainer()) if (this.#containers.length > maxDepth) return false;
    if (!this.#startLeaf()) this.#takeText();
    return true;
  }

  get #isAllMatched(): boolean {
    return this.#matched === this.#containers.length;
  }

  /** Is the block that the line would go on with a paragraph? */
  get #isInParagraph(): boolean {
    return this.#isAllMatched && this.#leaf.kind === 'paragraph';
  }

  #matchContainers(): void {
    this.#matched = 0;
    for (const container of this.#containers) {
      if (!this.#continues(container)) return;
      this.#matched += 1;
    }
  }

  #continues(container: Container): boolean {
    if (container.kind === 'quote') return this.#cursor.takeQuoteMark();
    if (this.#cursor.isBlank) return !container.isEmpty;
    if (this.#cursor.indent < container.width) return false;
    this.#cursor.advance(container.width);
    return true;
  }

  /** Code and raw HTML go on whatever the line says, up to their own end. */
  #continueRawLeaf(): boolean {
    const leaf = this.#leaf;
    if (leaf.kind === 'fence') {
      const end = !this.#cursor.isIndented ? fenceEnd.exec(this.#cursor.rest)?.[1] : undefined;
      if (end?.startsWith(leaf.mark)) this.#leaf = noLeaf;
      return true;
    }
    if (leaf.kind !== 'html' || (leaf.ends === null && this.#cursor.isBlank)) return false;
    this.#takeHtml(leaf.ends);
    return true;
  }

  #takeHtml(ends: RegExp | null): void {
    this.#keepLine('html');
    this.#leaf = ends?.test(this.#cursor.rest) ? noLeaf : { kind: 'html', ends };
  }

  #startContainer(): boolean {
    if (this.#cursor.isIndented || this.#cursor.isBlank) return false;
    if (this.#cursor.rest.startsWith('>')) {
      this.#closeOpen();
      this.#cursor.takeQuoteMark();
      this.#push({ kind: 'quote' });
      return true;
    }
    const rest = this.#cursor.rest;
    const mark = itemMark.exec(rest)?.[0];
    if (mark === undefined || rule.test(rest) || this.#isUnderline(rest)) return false;
    const isBare = /^ *$/.test(rest.slice(mark.length));
    if (this.#isInParagraph && (isBare || !mayInterrupt.test(mark))) return false;
    this.#startItem(mark, isBare);
    return true;
  }

  #startItem(mark: string, isEmpty: boolean): void {
    this.#closeOpen();
    const indent = this.#cursor.indent + mark.length;
    this.#cursor.advance(indent);
    const spaces = this.#cursor.indent;
    const gap = isEmpty || spaces > tabStop ? 1 : spaces;
    this.#cursor.advance(gap);
    this.#push({ kind: 'item', width: indent + gap, isEmpty });
  }

  #isUnderline(rest: string): boolean {
    return this.#isInParagraph && underline.test(rest);
  }

  /** Starts what is no text: code, HTML, a heading, a rule. False when the line is text or blank. */
  #startLeaf(): boolean {
    if (this.#cursor.isBlank) return false;
    const rest = this.#cursor.rest;
    if (this.#cursor.isIndented) {
      if (this.#leaf.kind === 'paragraph') return false;
      this.#closeOpen();
      return true;
    }
    const fence = fenceStart.exec(rest);
    const html = htmlBlockStart(rest);
    const isHtml = html !== undefined && (html.mayInterrupt || this.#leaf.kind !== 'paragraph');
    const isOther = heading.test(rest) || this.#isUnderline(rest) || rule.test(rest);
    if (fence === null && !isHtml && !isOther) return false;
    this.#closeOpen();
    if (fence !== null) this.#leaf = { kind: 'fence', mark: fence[1] ?? String(fence[2]) };
    else if (isHtml) this.#takeHtml(html.ends);
    return true;
  }

  #takeText(): void {
    const isLazy = !this.#isAllMatched && this.#leaf.kind === 'paragraph' && !this.#cursor.isBlank;
    if (isLazy) return;
    if (!this.#isAllMatched || this.#cursor.isBlank) this.#closeUnmatched();
    if (this.#cursor.isBlank) return;
    this.#keepLine('paragraph');
    this.#fill();
    this.#leaf = { kind: 'paragraph' };
  }

  /** Keeps the line with those of the block that it goes on with, if there is one. */
  #keepLine(kind: TopLevelBlock['kind']): void {
    if (this.#containers.length > 0) return;
    const last = this.#leaf.kind === kind ? this.blocks.at(-1) : undefined;
    if (last === undefined) this.blocks.push({ kind, lines: [this.#line] });
    else last.lines.push(this.#line);
  }

  #closeUnmatched(): void {
    this.#containers.length = this.#matched;
    this.#leaf = noLeaf;
  }

  /** A block starts here: what the line does not continue ends, and the item around it is not empty. */
  #closeOpen(): void {
    this.#closeUnmatched();
    this.#fill();
  }

  #fill(): void {
    const last = this.#containers.at(-1);
    if (last?.kind === 'item') last.isEmpty = false;
  }

  #push(container: Container): void {
    this.#containers.push(container);
    this.#matched += 1;
  }
}
