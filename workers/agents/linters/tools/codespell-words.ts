import type { SourceFile } from '../source-file.ts';

/** One misspelling as codespell reports it. `suggestion` is null when it offers several, or none. */
export type Misspelling = {
  readonly line: number;
  readonly word: string;
  readonly offer: string;
  readonly suggestion: string | null;
};

/** codespell's own idea of a word (2.2). */
const wordPattern = /[\w\-'’]+/gu;

/** One row of codespell's output, `name:line: word ==> offer`; null for any other line. */
export function readMisspelling(row: string): (Misspelling & { readonly name: string }) | null {
  const match = /^([^:]+):(\d{1,9}): (\S+) ==> (.+)$/.exec(row);
  const [, name, line, word, offer] = match ?? [];
  if (name === undefined || word === undefined || offer === undefined) return null;
  const suggestion = /^[\p{L}'’-]+(?: [\p{L}'’-]+)*$/u.test(offer) ? offer : null;
  return { name, line: Number(line), word, offer, suggestion };
}

/** 0-based UTF-16 offsets at which `word` stands in `line` as a whole word. */
export function occurrences(line: string, word: string): number[] {
  return [...line.matchAll(wordPattern)].filter(({ 0: it }) => it === word).map((it) => it.index);
}

/**
 * The lines of prose in a file, where a corrected word cannot change what a program does: text
 * documents outside code blocks, and lines of source that hold only a comment.
 */
export function proseLines(file: Pick<SourceFile, 'path'>, lines: readonly string[]): boolean[] {
  const isDocument =
    /(?:\.(?:md|markdown|txt|rst|adoc)|(?:^|\/)(?:README|CHANGELOG|NOTICE))$/i.test(file.path);
  if (!isDocument)
    return lines.map((line) => /^\s*(?:\/\/|\/\*|\*(?!\/)|#(?!!)|--|<!--)/.test(line));
  let isFenced = false;
  return lines.map((line) => {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) isFenced = !isFenced;
    return !isFence && !isFenced && !/^(?: {4}|\t)/.test(line);
  });
}

/** The line with `word` corrected wherever it stands outside code spans, links and addresses. */
export function correctLine(line: string, word: string, suggestion: string): string {
  const codeSpans = [...line.matchAll(/`[^`]*`|\]\([^)]*\)|<[^>]*>|\S*(?:[/\\@=_]|\.\w)\S*/g)];
  const isCode = (at: number): boolean =>
    codeSpans.some(({ 0: span, index }) => at >= index && at < index + span.length);
  return occurrences(line, word)
    .filter((at) => !isCode(at))
    .reduceRight((out, at) => out.slice(0, at) + suggestion + out.slice(at + word.length), line);
}
