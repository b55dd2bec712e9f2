/** How many UTF-16 units a line has without its ending. Looks at the end alone, however long the line is. */
export function contentLength(line: string): number {
  if (!line.endsWith('\n')) return line.length;
  return line.length - (line.endsWith('\r\n') ? 2 : 1);
}
