/** Longest word that is compared: nobody mistypes more than that, and the cost stays small. */
const maxWordLength = 40;

/**
 * The candidate that `word` most likely was meant to be, whatever its case; the first of equals. Undefined
 * when none is near: more than two slips, or more than one in a word of five letters or fewer.
 * A slip is a letter added, left out, replaced, or swapped with its neighbour (Damerau-Levenshtein,
 * optimal string alignment).
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const meant = word.toLowerCase();
  if (meant.length > maxWordLength) return undefined;
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const allowed = Math.max(meant.length, candidate.length) <= 5 ? 1 : 2;
    const slips = slipsBetween(meant, candidate.toLowerCase(), allowed);
    if (slips > allowed || slips >= fewest) continue;
    best = candidate;
    fewest = slips;
  }
  return best;
}

/** Slips between two words; any number above `allowed` when they are farther apart by length alone. */
function slipsBetween(a: string, b: string, allowed: number): number {
  if (Math.abs(a.length - b.length) > allowed) return allowed + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(last, j) + 1,
          at(row, j - 1) + 1,
          at(last, j - 1) + (same ? 0 : 1),
          // Nothing stands before the first row: a swap needs two letters of each.
          at(before, j - 2) + (swapped ? 1 : Number.POSITIVE_INFINITY),
        ),
      );
    }
    [before, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
