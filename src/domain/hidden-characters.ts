/**
 * Characters that a reader cannot see, or that reorder what is seen: controls but tab and line feed,
 * bidi marks and overrides (CVE-2021-42574), everything Unicode calls default-ignorable (zero-width
 * characters, tags U+E0000–E007F, variation selectors), private use, unassigned and line separators.
 */
const hidden =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u3164]/u;
/** Every hidden character, emoji joiners included; for `replace` only. */
export const hiddenPattern = new RegExp(hidden.source, 'gu');

/** One presentation selector and one joiner straight after an emoji: part of how emoji are written. */
const emojiGlue = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}])(?:\ufe0f\u200d?|\u200d)/gu;

/** Does `text` hold a character that a reader cannot see? Tab, line feed and well-formed emoji do not count. */
export function hasHiddenCharacters(text: string): boolean {
  return hidden.test(text.replace(emojiGlue, ''));
}

/** `text` with each hidden character written as `[U+202E]`, so that people see that it was there. */
export function showHiddenCharacters(text: string): string {
  return splitAround(text, emojiGlue)
    .map(([plain, glue]) => plain.replace(hiddenPattern, codeOf) + glue)
    .join('');
}

function codeOf(character: string): string {
  const code = Number(character.codePointAt(0)).toString(16).toUpperCase();
  return `[U+${code.padStart(4, '0')}]`;
}

/** Pairs of what precedes each match and the match; the last pair has no match. */
function splitAround(text: string, pattern: RegExp): [string, string][] {
  const pairs: [string, string][] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    pairs.push([text.slice(from, match.index), match[0]]);
    from = match.index + match[0].length;
  }
  return [...pairs, [text.slice(from), '']];
}
