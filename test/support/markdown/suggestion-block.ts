/** `--` inside would make it another comment for some readers. */
const closedComment = /^<!-- [a-z0-9:]+ -->$/;

/**
 * The suggestion in a comment as GitHub finds it, by CommonMark's rules for fenced code and with none of
 * the product's code: the body of the one fenced block whose info string is `suggestion`.
 * Throws unless that block is closed and is the last thing in the comment, when there is another, and when
 * HTML comes before it: an open tag or comment would hide it. A comment that is the whole first line hides nothing else.
 */
export function readSuggestionBlock(markdown: string): string {
  const lines = markdown.split(/\r\n|\r|\n/);
  for (let at = closedComment.test(lines[0] ?? '') ? 1 : 0; at < lines.length; at += 1) {
    const [, fence, info] = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(lines[at] ?? '') ?? [];
    if (fence === undefined) {
      if (/(?<!\\)</.test(lines[at] ?? '')) throw new Error('HTML comes before the suggestion');
      continue;
    }
    const close = closeOf(lines, at, fence);
    if (info === 'suggestion') return bodyOf(lines.slice(at + 1), close - at - 1);
    at = close;
  }
  throw new Error('there is no suggestion');
}

/** The line that closes the block; past the end where none does. */
function closeOf(lines: readonly string[], open: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}${fence.charAt(0)}{${fence.length},}[ \\t]*$`);
  const close = lines.findIndex((line, at) => at > open && closing.test(line));
  return close === -1 ? lines.length : close;
}

function bodyOf(lines: readonly string[], length: number): string {
  if (length !== lines.length - 1) throw new Error('the block does not end with the comment');
  return lines
    .slice(0, length)
    .map((line) => `${line}\n`)
    .join('');
}
