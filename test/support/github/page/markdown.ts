import { escapeHtml, SafeHtml } from './html.ts';
import { inlineMarkdown } from './inline-markdown.ts';

/** Renders a fenced block: the info string and the raw lines. Undefined shows it as plain code. */
export type FenceView = (info: string, lines: readonly string[]) => SafeHtml | undefined;

/**
 * Renders the common part of GitHub's markdown: headings, lists, tables, quotes, rules, fenced code, folds.
 * No raw HTML passes but the bare tags of a fold; comments, which carry hidden markers, are dropped.
 */
export function markdown(text: string, fence?: FenceView): SafeHtml {
  const lines = text.replace(/<!--[\s\S]*?-->/g, '').split(/\r\n|\r|\n/);
  const blocks: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const { rendered, used } = blockAt(lines.slice(i), fence);
    if (rendered !== '') blocks.push(rendered);
    i += Math.max(used, 1);
  }
  return new SafeHtml(balancedFolds(blocks.join('\n')));
}

interface Block {
  readonly rendered: string;
  readonly used: number;
}

function blockAt(lines: readonly string[], fence: FenceView | undefined): Block {
  const [first = '', second = ''] = lines;
  if (first.trim() === '') return { rendered: '', used: 1 };
  const fold = foldAt(first);
  if (fold) return fold;
  const open = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/.exec(first);
  if (open) return fencedAt(lines, { mark: open[1] ?? '', info: (open[2] ?? '').trim() }, fence);
  const heading = /^(#{1,6})\s+(.*)$/.exec(first);
  if (heading) return { rendered: headingOf(heading[1]?.length ?? 1, heading[2] ?? ''), used: 1 };
  if (/^ {0,3}([-*_])( *\1){2,} *$/.test(first)) return { rendered: '<hr>', used: 1 };
  if (first.includes('|') && /^[\s|:-]*-[\s|:-]*$/.test(second) && second.includes('|'))
    return tableAt(lines);
  if (/^\s*([-*+]|\d+[.)])\s+/.test(first)) return listAt(lines);
  if (first.startsWith('>')) return quoteAt(lines, fence);
  return paragraphAt(lines);
}

/** Headings of a body sit below those of the page. */
function headingOf(level: number, text: string): string {
  const tag = `h${Math.min(level + 3, 6)}`;
  return `<${tag}>${inlineMarkdown(text)}</${tag}>`;
}

/** Only these bare tags are let through, one line at a time; a line with anything else in a tag is text. */
function foldAt(line: string): Block | undefined {
  const summary =
    /^<details>\s*<summary>(.*)<\/summary>$/.exec(line.trim()) ??
    /^<summary>(.*)<\/summary>$/.exec(line.trim());
  const opening = line.trim().startsWith('<details>') ? '<details>' : '';
  if (summary)
    return {
      rendered: `${opening}<summary>${inlineMarkdown(summary[1] ?? '')}</summary>`,
      used: 1,
    };
  if (['<details>', '</details>'].includes(line.trim())) return { rendered: line.trim(), used: 1 };
  return undefined;
}

/** A fold that is not closed would swallow the rest of the page; one closed too often would close another's. */
function balancedFolds(text: string): string {
  let depth = 0;
  const kept = text.replace(/<\/?details>/g, (tag) => {
    if (tag === '<details>') depth += 1;
    else if (depth === 0) return '';
    else depth -= 1;
    return tag;
  });
  return kept + '</details>'.repeat(depth);
}

function fencedAt(
  lines: readonly string[],
  open: { mark: string; info: string },
  fence: FenceView | undefined,
): Block {
  const closing = new RegExp(`^ {0,3}${open.mark.charAt(0)}{${open.mark.length},}\\s*$`);
  const end = lines.findIndex((line, i) => i > 0 && closing.test(line));
  const body = lines.slice(1, end === -1 ? undefined : end);
  const special = fence?.(open.info, body);
  const rendered = special?.text ?? `<pre><code>${escapeHtml(body.join('\n'))}</code></pre>`;
  return { rendered, used: end === -1 ? lines.length : end + 1 };
}

function tableAt(lines: readonly string[]): Block {
  const end = lines.findIndex((line) => !line.includes('|'));
  const rows = lines.slice(0, end === -1 ? undefined : end).map(cellsOf);
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${inlineMarkdown(cell)}</${tag}>`).join('')}</tr>`;
  const [head = [], , ...body] = rows;
  const rendered = `<table><thead>${row(head, 'th')}</thead><tbody>${body.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
  return { rendered, used: rows.length };
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function listAt(lines: readonly string[]): Block {
  const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
  const end = lines.findIndex((line) => !item.test(line) && !/^\s{2,}\S/.test(line));
  const own = lines.slice(0, end === -1 ? undefined : end);
  const items: string[] = [];
  for (const line of own) {
    const text = item.exec(line)?.[1];
    if (text === undefined) items.push(`${items.pop() ?? ''} ${line.trim()}`);
    else items.push(text);
  }
  const tag = /^\s*\d/.test(own[0] ?? '') ? 'ol' : 'ul';
  const rendered = `<${tag}>${items.map((text) => `<li>${inlineMarkdown(text)}</li>`).join('')}</${tag}>`;
  return { rendered, used: own.length };
}

function quoteAt(lines: readonly string[], fence: FenceView | undefined): Block {
  const end = lines.findIndex((line) => !line.startsWith('>'));
  const own = lines.slice(0, end === -1 ? undefined : end);
  const inner = markdown(own.map((line) => line.replace(/^> ?/, '')).join('\n'), fence);
  return { rendered: `<blockquote>${inner.text}</blockquote>`, used: own.length };
}

function paragraphAt(lines: readonly string[]): Block {
  const isOther = (line: string): boolean =>
    /^(\s*$|#{1,6}\s|>|\s*([-*+]|\d+[.)])\s| {0,3}(```|~~~)|<\/?(details|summary))/.test(line);
  const end = lines.findIndex((line, i) => i > 0 && isOther(line));
  const own = lines.slice(0, end === -1 ? undefined : end);
  return { rendered: `<p>${own.map(inlineMarkdown).join('<br>')}</p>`, used: own.length };
}
