import { readTag } from './html-tag.ts';

/** How an HTML block ends: after the line that has this text, or (null) before the next blank line. */
export interface HtmlBlockStart {
  readonly ends: RegExp | null;
  /** A lone tag of any name starts no block in the middle of a paragraph. */
  readonly mayInterrupt: boolean;
}

/** CommonMark 0.31, 4.6, kinds 1 to 5: raw up to their end, blank lines and all. */
const rawStarts: readonly (readonly [start: RegExp, ends: RegExp])[] = [
  [/^<(?:script|pre|textarea|style)(?:\s|>|$)/i, /<\/(?:script|pre|textarea|style)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![A-Za-z]/, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

/** Kind 6: the elements that make a block of themselves. */
const blockElements = new RegExp(
  `^</?(?:${[
    'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog',
    'dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html',
    'iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section',
    'summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul',
  ].join('|')})(?:\\s|/?>|$)`,
  'i',
);

/** The HTML block that this line, without its indent, starts; undefined when it starts none. */
export function htmlBlockStart(line: string): HtmlBlockStart | undefined {
  if (!line.startsWith('<')) return undefined;
  const raw = rawStarts.find(([start]) => start.test(line));
  if (raw !== undefined) return { ends: raw[1], mayInterrupt: true };
  if (blockElements.test(line)) return { ends: null, mayInterrupt: true };
  const tag = readTag(line, 0);
  const isAlone = tag !== undefined && line.slice(tag.end).trim() === '';
  return isAlone ? { ends: null, mayInterrupt: false } : undefined;
}
