import { counted } from './counted.ts';

/**
 * Markdown of Sallyport's own in at most `max` UTF-16 units: whole blocks from the start, and a note that counts
 * those that were left out. A fenced block and a folded section are one block each, so that none stays open.
 */
export function cutBlocks(markdown: string, max: number): string {
  if (markdown.length <= max) return markdown;
  const blocks = blocksOf(markdown);
  const noteLength = leftOutNote(blocks.length).length;
  let length = 0;
  let kept = 0;
  for (const block of blocks) {
    length += block.length + between.length;
    if (length + noteLength > max) break;
    kept += 1;
  }
  return [...blocks.slice(0, kept), leftOutNote(blocks.length - kept)].join(between);
}

const between = '\n\n';

/** What stands in place of so many blocks. */
export function leftOutNote(count: number): string {
  return `… and ${counted(count, 'more part')}, too long to show here.`;
}

const fencePattern = /^ {0,3}(`{3,}|~{3,})/;

/** Cut at the empty lines that stand in no fence and in no folded section. */
function blocksOf(markdown: string): string[] {
  const blocks: string[][] = [[]];
  let fence = '';
  let depth = 0;
  for (const line of markdown.split('\n')) {
    if (line === '' && fence === '' && depth === 0) {
      blocks.push([]);
      continue;
    }
    blocks.at(-1)?.push(line);
    const mark = fencePattern.exec(line)?.[1] ?? '';
    if (fence === '') {
      fence = mark;
      depth += line.split('<details>').length - line.split('</details>').length;
    } else if (mark.startsWith(fence)) fence = '';
  }
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
}
