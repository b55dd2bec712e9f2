import { showHiddenCharacters } from '../../src/domain/hidden-characters.ts';
import { Refusal } from './agent-tool.ts';

/** Characters of one answer: more and a model's window is full of it. */
const maxPage = 60_000;

/**
 * A part of a long text from `offset` on, with a note of how to go on. Characters that cannot be seen are shown by their
 * numbers, and a note says so: what a text seems to say is what it says. @throws Refusal behind its end
 */
export function pageOf(text: string, offset = 0): string {
  if (offset > text.length)
    throw new Refusal(`offset: ${offset} is behind the end, which is at ${text.length}.`);
  const end = endOfPage(text, offset);
  const part = text.slice(offset, end);
  // What ends a line is no hidden character.
  const shown = part.split('\r\n').map(showHiddenCharacters).join('\r\n');
  const notes = [
    ...(shown === part ? [] : ['Characters that cannot be seen are written as [U+202E] here.']),
    ...(end < text.length
      ? [`${text.length - end} more characters: call again with offset ${end}`]
      : []),
  ];
  return [shown, ...notes.map((note) => `[${note}]`)].join('\n');
}

/** Not within a pair of units that are one character, nor in the end of a line. */
function endOfPage(text: string, offset: number): number {
  const end = offset + maxPage;
  const isWithin = /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(text.slice(end - 1, end + 1));
  return isWithin ? end - 1 : end;
}
