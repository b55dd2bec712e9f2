/** Counts the turns of the event loop that others get while something long is done. */
export function countTurns(): { readonly taken: () => number; readonly stop: () => number } {
  let count = 0;
  let next = setImmediate(function again() {
    count += 1;
    next = setImmediate(again);
  });
  return {
    taken: () => count,
    stop: () => {
      clearImmediate(next);
      return count;
    },
  };
}
