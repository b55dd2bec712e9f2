import { leftOutNote } from './cut-blocks.ts';
import { type Block, blocksOf } from './markdown/blocks.ts';
import { safeInline } from './markdown/safe-inline.ts';
import { fenced } from './render-suggestion.ts';
import { plain, safeText } from './sanitise.ts';

/**
 * Hostile Markdown as Markdown that shows what it says and does nothing: paragraphs, lists of one level,
 * emphasis, code, fenced code, and links over https to `linkHosts`, each built anew from its text. Never
 * a mention, reference, image, HTML, heading, table, slash or workflow command, suggestion, or invisible
 * character. Blocks of their own: stands between empty lines.
 * At most `max` UTF-16 units: whole parts from the start, and how many were left out. Where the first is too long
 * by itself, all of it is one paragraph of `safeText`. Linear in the length of `text`.
 */
export function safeMarkdown(
  text: string,
  max: number,
  { linkHosts }: { readonly linkHosts: readonly string[] },
): string {
  const blocks = blocksOf(text);
  const kept: string[] = [];
  let length = 0;
  for (const [at, block] of blocks.entries()) {
    const piece = `${spaceBetween(blocks[at - 1], block)}${render(block, linkHosts)}`;
    length += piece.length;
    kept.push(piece);
    if (length > max) break;
  }
  if (length > max) cutTo(max, kept, blocks.length);
  return kept.length === 0 ? safeText(text, max) : kept.join('');
}

const betweenBlocks = '\n\n';

/** Takes whole parts off the end until the rest and a note of what is missing fit; none may be left. */
function cutTo(max: number, kept: string[], count: number): void {
  const note = (): string => `${betweenBlocks}${leftOutNote(count - kept.length)}`;
  let length = kept.reduce((sum, piece) => sum + piece.length, 0);
  do length -= (kept.pop() as string).length;
  while (kept.length > 0 && length + note().length > max);
  if (kept.length > 0) kept.push(note());
}

function spaceBetween(before: Block | undefined, block: Block): string {
  if (before === undefined) return '';
  const isOneList = block.kind === before.kind && /bullet|numbered/.test(block.kind);
  return isOneList ? '\n' : betweenBlocks;
}

function render(block: Block, linkHosts: readonly string[]): string {
  switch (block.kind) {
    case 'code':
      return renderCode(block);
    case 'heading':
      return `**${safeText(block.text, Infinity)}**`;
    case 'bullet':
      return `- ${safeInline(block.text, linkHosts)}`;
    case 'numbered':
      return `${block.number}. ${safeInline(block.text, linkHosts)}`;
    default:
      return safeInline(block.text, linkHosts);
  }
}

/**
 * Languages that are coloured, and nothing else: of `suggestion` GitHub makes a button, of `mermaid`, `math`
 * and maps it makes pictures.
 */
const languages: ReadonlySet<string> = new Set(
  'bash c cpp cs css diff docker go graphql html http ini java javascript js json jsx kotlin lua make markdown php python py rb ruby rs rust scala sh shell sql swift toml ts tsx typescript xml yaml yml'.split(
    ' ',
  ),
);

function renderCode({ info, content }: Extract<Block, { kind: 'code' }>): string {
  const [language = ''] = info.toLowerCase().split(/\s/, 1);
  // Bots that obey a comment read its lines, and do not look whether they stand in code.
  const inert = plain(content, Infinity).replace(/^([^\S\n]*)\/(?=\w)/gm, '$1/ ');
  return fenced(languages.has(language) ? language : '', inert);
}
