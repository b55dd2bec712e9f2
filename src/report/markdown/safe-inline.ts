import { safeCode, safeText } from '../sanitise.ts';
import { type InlineToken, inlineTokens } from './inline-tokens.ts';
import { linkTarget } from './link-target.ts';

/**
 * A line of hostile Markdown as one line that keeps emphasis, code and links to `linkHosts`. The address of any
 * other link, and of an image, stands behind its text as code. What is not one of these goes through `safeText`.
 */
export function safeInline(line: string, linkHosts: readonly string[]): string {
  const tokens = inlineTokens(line.trim());
  const paired = pairedMarks(tokens);
  const writer = new Writer();
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'code') writer.code(token.text);
    else if (token.kind === 'link') writeLink(writer, token, linkHosts);
    else if (paired.has(at)) writer.own('*'.repeat(token.text.length));
    else writer.text(token.text);
  }
  return writer.end();
}

interface Opening {
  readonly mark: string;
  readonly at: number;
}

/** Places of marks that stand in pairs, one within the other. What stays open in between is text. */
function pairedMarks(tokens: readonly InlineToken[]): ReadonlySet<number> {
  const paired = new Set<number>();
  const open: Opening[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    // No mark is open twice, so there are never more than six.
    const depth = open.findIndex(({ mark }) => mark === token.text);
    if (depth === -1) {
      if (token.opens) open.push({ mark: token.text, at });
    } else if (token.closes) {
      const [opening] = open.splice(depth) as [Opening];
      paired.add(opening.at).add(at);
    }
  }
  return paired;
}

type Link = Extract<InlineToken, { kind: 'link' }>;

function writeLink(writer: Writer, { isImage, label, url }: Link, hosts: readonly string[]): void {
  const target = isImage ? undefined : linkTarget(url, hosts);
  const isNamed = label !== null && label.trim() !== '' && label !== url;
  const shown = isNamed ? safeInline(label, []) : safeText(url, Infinity);
  if (target !== undefined) writer.own(`[${shown}](${target})`);
  else if (isNamed) writer.own(`${shown} (${safeCode(url)})`);
  else writer.code(url);
}

/** Puts pieces together so that none of them means something else beside another. */
class Writer {
  #text = '';
  #isCodeLast = false;
  readonly #pieces: string[] = [];

  /** Hostile text. What follows each other is one piece: `#` and `1` are not what they are together. */
  text(text: string): void {
    this.#text += text;
  }

  /** Hostile text as code. Two beside each other would be one, with other ends. */
  code(text: string): void {
    this.#flush();
    this.#pieces.push(this.#isCodeLast ? ' ' : '', safeCode(text));
    this.#isCodeLast = true;
  }

  /** Markdown that is safe already. */
  own(markdown: string): void {
    this.#flush();
    this.#pieces.push(markdown);
    this.#isCodeLast = false;
  }

  end(): string {
    this.#flush();
    return this.#pieces.join('');
  }

  #flush(): void {
    if (this.#text === '') return;
    const [before, after] = [/^\s/, /\s$/].map((edge) => (edge.test(this.#text) ? ' ' : ''));
    const isBlank = this.#text.trim() === '';
    this.#pieces.push(isBlank ? ' ' : `${before}${safeText(this.#text, Infinity)}${after}`);
    this.#text = '';
    this.#isCodeLast = false;
  }
}
