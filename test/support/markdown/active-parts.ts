import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];

/** Markdown as GitHub reads it (CommonMark with GitHub's extensions), by none of the product's code. */
export function parseMarkdown(markdown: string): Root {
  return fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
}

/** The node and all below it, in the order of the text. */
export function nodesBelow(node: Node): readonly Node[] {
  return 'children' in node ? [node, ...node.children.flatMap(nodesBelow)] : [node];
}

/** What only shows. */
const inert: ReadonlySet<string> = new Set(
  'root paragraph text emphasis strong inlineCode code list listItem link'.split(' '),
);
/** What GitHub looks for in text that is no code: github/markup, and the filters of its pipeline. */
const mentions: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['mention', /@[a-z0-9]/i],
  ['reference', /#\d|\bGH-\d/i],
  ['address', /https?:\/\/|www\.|:\/\//i],
];
/** Languages of fenced code of which GitHub makes more than code. */
const active = /^(?:suggestion|mermaid|math|geojson|topojson|stl)$/i;

/**
 * What in `markdown` does something on GitHub beyond being read, or leaves what follows to mean something
 * else; nothing where all is well.
 */
export function activePartsOf(markdown: string, linkHosts: readonly string[]): readonly string[] {
  const root = parseMarkdown(`${markdown}\n\nsentinel`);
  const found = nodesBelow(root).flatMap((node): readonly string[] => {
    if (!inert.has(node.type)) return [node.type];
    if (node.type === 'link') return isAllowed(node.url, linkHosts) ? [] : [`link to ${node.url}`];
    if (node.type === 'code') return active.test(node.lang ?? '') ? [`code of ${node.lang}`] : [];
    const text = node.type === 'text' ? node.value : '';
    return mentions.flatMap(([name, pattern]) =>
      pattern.test(text) ? [`${name} in ${text}`] : [],
    );
  });
  const commands = markdown.split('\n').filter((line) => /^\s*(?:\/\w|::)/.test(line));
  const last = root.children.at(-1);
  const isWhole =
    last?.type === 'paragraph' &&
    last.children.length === 1 &&
    last.children[0]?.type === 'text' &&
    last.children[0].value === 'sentinel';
  return [...found, ...commands, ...(isWhole ? [] : ['what follows is swallowed'])];
}

function isAllowed(url: string, linkHosts: readonly string[]): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' && linkHosts.includes(parsed.host);
}
