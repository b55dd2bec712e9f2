import { plainLine } from '../sanitise.ts';

const maxCellLength = 1_000;
/** Widest column, in UTF-16 units; longer cells push what follows to the right. */
const maxWidth = 48;

/** Rows of hostile text as indented lines, their cells below each other; the last cell of a row is not filled up. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const clean = rows.map((row) => row.map((cell) => plainLine(cell, maxCellLength)));
  const widths = widthsOf(clean);
  return clean.map((row) => {
    const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths(at))));
    return `  ${cells.join('  ')}`;
  });
}

function widthsOf(rows: readonly (readonly string[])[]): (at: number) => number {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.slice(0, -1).entries()) {
      widths[at] = Math.min(maxWidth, Math.max(widths[at] ?? 0, cell.length));
    }
  }
  return (at) => widths[at] as number;
}
