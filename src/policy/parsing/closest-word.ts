/**
 * The word that was probably meant: the one with the fewest slips (a letter more, less, another, or two
 * swapped), at most one for every three letters. Undefined when all are farther.
 */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  // A hostile key of a megabyte is nobody's slip.
  if (word.length > 64) return undefined;
  const given = word.toLowerCase();
  let best: { readonly name: string; readonly slips: number } | undefined;
  for (const name of known) {
    const slips = slipsBetween(given, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(given.length, name.length) / 3));
    if (slips <= allowed && slips < (best?.slips ?? Infinity)) best = { name, slips };
  }
  return best?.name;
}

/** Damerau-Levenshtein distance, in the restricted form: no letter is moved twice. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + cost,
        isSwap ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
