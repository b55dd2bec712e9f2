/** One tag in a text: where it ends, and which element it opens or closes. */
export interface HtmlTag {
  readonly name: string;
  readonly isClosing: boolean;
  /** Index after its `>`. */
  readonly end: number;
}

const opening = /<([A-Za-z][A-Za-z0-9-]*)/y;
const attribute = /\s+[A-Za-z_:][A-Za-z0-9_.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?/y;
const openingEnd = /\s*\/?>/y;
const closing = /<\/([A-Za-z][A-Za-z0-9-]*)\s*>/y;

/** The tag that starts at `at`, as CommonMark 6.6 has it; undefined when none does. */
export function readTag(text: string, at: number): HtmlTag | undefined {
  const closed = matchAt(closing, text, at);
  if (closed !== undefined) {
    return { name: nameOf(closed), isClosing: true, end: at + closed[0].length };
  }
  const opened = matchAt(opening, text, at);
  if (opened === undefined) return undefined;
  let end = at + opened[0].length;
  for (let next = matchAt(attribute, text, end); next; next = matchAt(attribute, text, end)) {
    end += next[0].length;
  }
  const last = matchAt(openingEnd, text, end);
  if (last === undefined) return undefined;
  return { name: nameOf(opened), isClosing: false, end: end + last[0].length };
}

/** What a sticky pattern finds exactly at `at`. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function nameOf(match: RegExpExecArray): string {
  return String(match[1]).toLowerCase();
}
