import { shortDigestOf } from '../domain/ids.ts';

/** 64 bits: nobody finds a text that holds that much of its own digest. */
const wordDigits = 16;

/** A word that none of the texts holds, made from all of them: equal texts give one word, as chance would not. */
export function fenceWord(texts: readonly string[], digits = wordDigits): string {
  for (let round = 0; ; round += 1) {
    const word = shortDigestOf(JSON.stringify([round, ...texts]), digits);
    if (!texts.some((text) => text.includes(word))) return word;
  }
}
