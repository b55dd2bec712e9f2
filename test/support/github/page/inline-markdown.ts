import { escapeHtml } from './html.ts';

/** Renders the inline marks of one text: code, bold, emphasis and links to http(s). Everything is escaped first. */
export function inlineMarkdown(text: string): string {
  return escapeHtml(text)
    .split(/(`+)(.+?)\1/)
    .map((part, i) => inlinePart(part, i % 3))
    .join('');
}

/** `split` with two groups gives text, fence, code, text, …: the fence itself is not shown. */
function inlinePart(part: string, kind: number): string {
  if (kind === 1) return '';
  return kind === 2 ? `<code>${part.trim()}</code>` : marks(part);
}

/** The text is escaped already, so a quote cannot leave the attribute and a `<` cannot open a tag. */
function marks(text: string): string {
  return text
    .replace(
      /!?\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)/g,
      '<a rel="noreferrer nofollow" href="$2">$1</a>',
    )
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[\s(])[*_]([^*_\s][^*_]*)[*_](?=$|[\s).,:;])/g, '$1<em>$2</em>');
}
