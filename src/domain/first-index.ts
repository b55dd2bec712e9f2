/**
 * The index of the first item that `isReached` says yes to, of items in an order in which it says no before and
 * yes from there on; the length when it says yes to none. Looks at log n of them.
 */
export function firstIndex<T>(items: readonly T[], isReached: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items.slice(middle, middle + 1).some(isReached)) high = middle;
    else low = middle + 1;
  }
  return low;
}
