/** What starts and ends blocks (CommonMark 0.31, 4 and 5), in a line without its indent and its tabs. */
export const fenceStart = /^(?:(`{3,})[^`]*|(~{3,}).*)$/s;
export const fenceEnd = /^(`{3,}|~{3,}) *$/;
export const heading = /^#{1,6}(?: |$)/;
export const underline = /^(?:=+|-+) *$/;
export const rule = /^(?:(?:\* *){3,}|(?:_ *){3,}|(?:- *){3,})$/;
export const itemMark = /^(?:[*+-]|\d{1,9}[.)])(?= |$)/;
/** A number in the middle of a paragraph starts no list, unless it is 1. */
export const mayInterrupt = /^(?:[*+-]|1[.)])$/;

/** Columns of a tab stop; as many spaces are too many for anything but code. */
export const tabStop = 4;

/** The line with each tab as the spaces that it stands for. */
export function withoutTabs(line: string): string {
  const [first = '', ...others] = line.split('\t');
  let text = first;
  for (const part of others) text += ' '.repeat(tabStop - (text.length % tabStop)) + part;
  return text;
}
