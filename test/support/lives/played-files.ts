import type { Severity } from '../../../src/domain/finding.ts';

/** A fault that somebody wrote into a line, or into a file as a whole. */
export interface PlayedFault {
  /** Letters by which it is told from all others, wherever its words are shown. */
  readonly token: string;
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  /** Does the tool offer other text for its line? */
  readonly isFixable: boolean;
  readonly hasColumns: boolean;
  readonly hasFingerprint: boolean;
}

/** A line; it is the same line as long as it is the same object. */
export interface PlayedLine {
  text: string;
  indent: number;
  fault: PlayedFault | null;
  /** What the agent would write here unasked, with no finding that speaks of it. */
  tidied: string | null;
}

/** A file; it is the same file under whatever path. */
export interface PlayedFile {
  path: string;
  readonly basePath: string | null;
  readonly base: string;
  readonly lineEnd: '\n' | '\r\n';
  lines: PlayedLine[];
  /** Faults of the file as a whole. */
  faults: PlayedFault[];
}

/** A line with nothing wrong. */
export function plainLine(text: string, indent = 0): PlayedLine {
  return { text, indent, fault: null, tidied: null };
}

/** As it is in the file, without its end. */
export function rendered({ text, indent }: PlayedLine): string {
  return text === '' ? '' : `${' '.repeat(indent)}${text}`;
}

/** The whole file; with what the agent mends in it where these are the lines that it found. */
export function textOf(file: PlayedFile, found?: ReadonlySet<PlayedLine>): string {
  const lines = file.lines.map((line) => {
    const { fault, tidied } = line;
    if (found === undefined) return rendered(line);
    if (tidied !== null) return rendered({ ...line, text: tidied });
    return fault?.isFixable === true && found.has(line)
      ? rendered({ ...line, text: mended(fault) })
      : rendered(line);
  });
  return lines.map((text) => `${text}${file.lineEnd}`).join('');
}

/** The text that a tool offers for the line of a fault. */
export function mended({ token }: PlayedFault): string {
  return `mended_${token}(input)`;
}

/** What stands around a line, two lines with something in them on each side, without white space; of a whole file its ends. */
export function surroundings({ lines }: PlayedFile, line: PlayedLine | null): string {
  const compact = (part: readonly PlayedLine[]) =>
    part
      .map(({ text }) => text.replace(/\s+/g, ''))
      .filter((text) => text !== '')
      .slice(0, 2);
  if (line === null) return JSON.stringify([compact(lines), compact(lines.toReversed())]);
  const at = lines.indexOf(line);
  return JSON.stringify([compact(lines.slice(0, at).toReversed()), compact(lines.slice(at + 1))]);
}
