/**
 * The suggestion in a comment as GitHub finds it, by CommonMark's rules for fenced code and with none of
 * the product's code: the body of the first fenced block, whose info string has to be `suggestion`.
 * Throws unless that block is closed and is the last thing in the comment, and when HTML comes before it:
 * an open tag or comment would hide it.
 */
export function readSuggestionBlock(markdown: string): string {
  const lines = markdown.split(/\r\n|\r|\n/);
  const open = lines.findIndex((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
  if (!/^`{3,}suggestion$/.test(lines[open] ?? '')) throw new Error('there is no suggestion');
  if (lines.slice(0, open).some((line) => /(?<!\\)</.test(line)))
    throw new Error('HTML comes before the suggestion');
  const length = /^`+/.exec(lines[open] ?? '')?.[0].length ?? 0;
  const closing = new RegExp(`^ {0,3}\`{${length},}[ \\t]*$`);
  const body = lines.slice(open + 1);
  const close = body.findIndex((line) => closing.test(line));
  if (close !== body.length - 1) throw new Error('the block does not end with the comment');
  return body
    .slice(0, close)
    .map((line) => `${line}\n`)
    .join('');
}
