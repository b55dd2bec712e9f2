/** The hidden mark by which the comment on a finding is known again: always the first line of an own comment. */
export function findingMarker(id: string): string {
  return `<!-- sallyport:finding:${id} -->`;
}

const markedBody = /^<!-- sallyport:finding:([0-9a-f]{12}) -->\r?\n/;
const fixedWord = /^\*\*Fixed\*\* in `[0-9a-f]{7}`\.\r?\n\r?\n/;

/** Longest that a word makes a body. */
export const maxWordLength = 40;

/**
 * The finding that an own comment is about. The first line alone is read: a suggestion is byte for byte what a
 * sandbox wrote, and may hold any mark.
 */
export function findingIdIn(body: string): string | undefined {
  return markedBody.exec(body)?.[1];
}

/** The body with the word that its finding is fixed since that commit, once; null takes the word back. */
export function withFixedWord(body: string, sha: string | null): string {
  const [marker, text] = cut(body);
  if (marker === '') return body;
  const word = sha === null ? '' : `**Fixed** in \`${sha.slice(0, 7)}\`.\n\n`;
  return `${marker}\n${word}${text.replace(fixedWord, '')}`;
}

/** Does it have that word? */
export function isSaidFixed(body: string): boolean {
  return fixedWord.test(cut(body)[1]);
}

/** The mark with the end of its line, empty where there is none, and what follows after empty lines. */
function cut(body: string): readonly [marker: string, text: string] {
  const marker = markedBody.exec(body)?.[0] ?? '';
  return [marker, body.slice(marker.length).replace(/^[\r\n]+/, '')];
}
