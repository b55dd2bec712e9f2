/** A piece of a line of Markdown. All text in it is as hostile as the line. */
export type InlineToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** One to three asterisks or underscores that may begin or end emphasis. */
  | {
      readonly kind: 'mark';
      readonly text: string;
      readonly opens: boolean;
      readonly closes: boolean;
    }
  /** `label` is Markdown; null where the address itself is what stands there. */
  | {
      readonly kind: 'link';
      readonly isImage: boolean;
      readonly label: string | null;
      readonly url: string;
    };

const maxMarkLength = 3;

/**
 * Escape, backticks, image or link, address in angle brackets, bare address, emphasis, plain text.
 * Nothing is tried over a further `[`, `<` or `(`, so that all of it together is linear.
 */
const pattern =
  /\\([!-/:-@[-`{-~])|(`+)|(!?)\[((?:[^[\]\\]|\\[\s\S]){1,300})\]\(<?((?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,1000})>?(?:\s{1,9}"[^"]{0,200}")?\)|<(https?:\/\/[^\s<>]{1,1000})>|(https?:\/\/[^\s<>"`]+)|(\*+|_+)|[^\\`[!<*_h]+|[\s\S]/gi;

/** The pieces of a line, in order. Linear in its length. */
export function inlineTokens(line: string): readonly InlineToken[] {
  const tokens: InlineToken[] = [];
  const closing = closingRuns(line);
  const scan = new RegExp(pattern);
  for (let match = scan.exec(line); match !== null; match = scan.exec(line)) {
    const [whole, escaped, ticks, bang, label, target, angled, bare, mark] = match;
    if (ticks !== undefined) {
      const from = scan.lastIndex;
      const end = closing(ticks.length, from);
      tokens.push(end === -1 ? textOf(ticks) : { kind: 'code', text: line.slice(from, end) });
      if (end !== -1) scan.lastIndex = end + ticks.length;
    } else if (label !== undefined && target !== undefined) {
      tokens.push({ kind: 'link', isImage: bang === '!', label, url: target });
    } else if (bare !== undefined) {
      const url = withoutPunctuation(bare);
      scan.lastIndex = match.index + url.length;
      tokens.push(addressOf(url));
    } else if (angled !== undefined) {
      tokens.push(addressOf(angled));
    } else if (mark !== undefined && mark.length <= maxMarkLength) {
      tokens.push({ kind: 'mark', text: mark, ...flanks(line, match.index, mark) });
    } else tokens.push(textOf(escaped ?? whole));
  }
  return tokens;
}

function addressOf(url: string): InlineToken {
  return { kind: 'link', isImage: false, label: null, url };
}

function textOf(text: string): InlineToken {
  return { kind: 'text', text };
}

/** Finds where the next run of just so many backticks begins, or -1. Asked with growing places only. */
function closingRuns(line: string): (length: number, from: number) => number {
  const runs = Map.groupBy(line.matchAll(/`+/g), ([run]) => run.length);
  const next = new Map<number, number>();
  return (length, from) => {
    const same = runs.get(length) ?? [];
    let at = next.get(length) ?? 0;
    while (at < same.length && (same[at] as RegExpExecArray).index < from) at += 1;
    next.set(length, at);
    return same[at]?.index ?? -1;
  };
}

/** An address in a sentence: what ends the sentence is none of it. */
function withoutPunctuation(url: string): string {
  const ends = url.includes('(') ? '.,;:!?\'"]}*_~' : '.,;:!?\'")]}*_~';
  let length = url.length;
  while (ends.includes(url.charAt(length - 1))) length -= 1;
  return url.slice(0, length);
}

/** CommonMark 6.2: may the run begin, and may it end emphasis? */
function flanks(line: string, at: number, mark: string) {
  const before = kindOf(line.charAt(at - 1));
  const after = kindOf(line.charAt(at + mark.length));
  const isLeft = after !== 'blank' && (after === 'letter' || before !== 'letter');
  const isRight = before !== 'blank' && (before === 'letter' || after !== 'letter');
  if (mark.startsWith('*')) return { opens: isLeft, closes: isRight };
  // Within a word an underscore is a letter.
  return {
    opens: isLeft && before !== 'letter',
    closes: isRight && after !== 'letter',
  };
}

function kindOf(character: string): 'blank' | 'punctuation' | 'letter' {
  if (character.trim() === '') return 'blank';
  return /[\p{P}\p{S}]/u.test(character) ? 'punctuation' : 'letter';
}
