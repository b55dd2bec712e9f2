/** One part of a message as its Markdown means it. All text in it is as hostile as the message. */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; text: string }
  | { readonly kind: 'bullet'; text: string }
  /** `number` is 1 to 9 digits. */
  | { readonly kind: 'numbered'; readonly number: string; text: string }
  /** `content` is empty or ends with a line feed. */
  | { readonly kind: 'code'; readonly info: string; readonly content: string };

/**
 * The parts of a message, in order: a small reading of CommonMark that nothing hangs on but looks, since
 * each part is made safe by itself. Nested lists become one level, quotes, tables and indented code are
 * paragraphs, and a fence that nobody closes goes on to the end. Rules and underlines are dropped.
 * Linear in the length of `markdown`.
 */
export function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  /** The part that a line of plain text goes on with. */
  let open: Exclude<Block, { kind: 'code' }> | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    const fence = fenceOf(line);
    if (fence !== undefined) {
      const end = endOfCode(lines, at, fence.mark);
      blocks.push(codeOf(fence, lines.slice(at + 1, end)));
      at = end;
      open = undefined;
    } else if (isBlank(line)) {
      open = undefined;
    } else {
      const begun = beginningOf(line);
      if (begun === undefined && open !== undefined) {
        open.text += `\n${line}`;
        continue;
      }
      const block = begun ?? { kind: 'paragraph', text: line };
      blocks.push(block);
      open = block.kind === 'heading' ? undefined : block;
    }
  }
  return blocks;
}

interface Fence {
  readonly indent: number;
  readonly mark: string;
  readonly info: string;
}

/** Indented fences count as well: they stand in lists, of which no more than one level is kept. */
function fenceOf(line: string): Fence | undefined {
  const found = /^([ \t]*)(`{3,}|~{3,})([^`]*)$/.exec(line);
  if (found === null) return undefined;
  const [, indent = '', mark = '', info = ''] = found;
  return { indent: indent.length, mark, info: info.trim() };
}

function endOfCode(lines: readonly string[], start: number, mark: string): number {
  for (let at = start + 1; at < lines.length; at += 1) {
    const bare = (lines[at] as string).trim();
    if (bare.startsWith(mark) && isAllOf(bare, mark.charAt(0))) return at;
  }
  return lines.length;
}

function codeOf({ indent, info }: Fence, lines: readonly string[]): Block {
  const content = lines.map((line) => `${line.slice(indentWithin(line, indent))}\n`).join('');
  return { kind: 'code', info, content };
}

function indentWithin(line: string, most: number): number {
  let count = 0;
  while (count < most && /[ \t]/.test(line.charAt(count))) count += 1;
  return count;
}

/** Nothing, a rule, or the line under a heading. */
function isBlank(line: string): boolean {
  const bare = line.replace(/\s+/g, '');
  const first = bare.charAt(0);
  return bare === '' || (bare.length >= 3 && '*-_='.includes(first) && isAllOf(bare, first));
}

function isAllOf(text: string, character: string): boolean {
  return text === character.repeat(text.length);
}

function beginningOf(line: string): Exclude<Block, { kind: 'code' }> | undefined {
  const heading = /^ {0,3}#{1,6}[ \t]+(\S.*)$/s.exec(line);
  if (heading?.[1] !== undefined) return { kind: 'heading', text: heading[1] };
  const item = /^[ \t]*(?:[-*+]|(\d{1,9})[.)])[ \t]+(\S.*)$/s.exec(line);
  const [, number, text] = item ?? [];
  if (text === undefined) return undefined;
  return number === undefined ? { kind: 'bullet', text } : { kind: 'numbered', number, text };
}
