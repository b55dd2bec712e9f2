/**
 * The suggestion in a comment as GitHub finds it, by CommonMark's rules for fenced code and with none of
 * the product's code: the body of the first block with the info string `suggestion`.
 * Throws unless that block is closed and is the last thing in the comment.
 */
export function readSuggestionBlock(markdown: string): string {
  const lines = markdown.split(/\r\n|\r|\n/);
  const open = lines.findIndex((line) => /^`{3,}suggestion$/.test(line));
  if (open === -1) throw new Error('there is no suggestion');
  const length = /^`+/.exec(lines[open] ?? '')?.[0].length ?? 0;
  const isClosing = (line: string) => new RegExp(`^ {0,3}\`{${length},}[ \\t]*$`).test(line);
  const body = lines.slice(open + 1);
  const close = body.findIndex(isClosing);
  if (close !== body.length - 1) throw new Error('the block does not end with the comment');
  return body
    .slice(0, close)
    .map((line) => `${line}\n`)
    .join('');
}
