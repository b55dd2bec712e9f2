/** @throws Error with these words unless it is so */
export function hold(isSo: boolean, words: string): void {
  if (!isSo) throw new Error(words);
}
