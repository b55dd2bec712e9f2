/**
 * As many of `items` (whole, in order) as fit into `maxBytes` of UTF-8, and how many were left out.
 * GitHub documents its limits in characters; counting bytes stays below them in any reading.
 */
export function fitItems(
  items: readonly string[],
  maxBytes: number,
): { readonly kept: readonly string[]; readonly cut: number } {
  let used = 0;
  const firstOver = items.findIndex((item) => {
    used += Buffer.byteLength(item);
    return used > maxBytes;
  });
  const count = firstOver === -1 ? items.length : firstOver;
  return { kept: items.slice(0, count), cut: items.length - count };
}

/** A Markdown list of `items` under `heading`, cut to whole items with a count; empty without items. */
export function section(heading: string, items: readonly string[], maxBytes: number): string {
  if (items.length === 0) return '';
  const rows = items.map((item) => `- ${item}\n`);
  const { kept, cut } = fitItems(rows, maxBytes);
  const note = cut === 0 ? '' : `- … and ${cut} more\n`;
  return `### ${heading}\n\n${kept.join('')}${note}`;
}
