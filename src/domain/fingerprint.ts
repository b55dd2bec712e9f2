import type { Finding, Range } from './finding.ts';
import type { Marks } from './finding-record.ts';
import { shortDigestOf } from './ids.ts';
import type { Outcome } from './outcome.ts';

/**
 * UTF-16 units without white space of one text that count: a report may have thousands of findings, each about a
 * whole file of megabytes.
 */
const maxText = 2_000;
/** UTF-16 units that are looked at to find these; what an indentation has between them is rarely more. */
const maxLooked = 32_000;
/** What a line costs of that besides its length: a file may be a million empty ones. */
const lineCost = 16;
/** Lines with something in them on each side. */
const nearLines = 2;
/** Lines that are looked at to find these. */
const maxNearLooked = 100;
/** A shorter text between columns, such as a name or a bracket, is told from others by its line. */
const minSpan = 3;

/** The lines of a file, with or without their ends; columns are UTF-16 units and may lie outside a line. */
type Lines = readonly string[];

/**
 * What a finding is known again by when lines have moved, were indented anew or went to another file.
 * `lines`: the file in the head tree, with or without line ends; undefined where it cannot be read as text.
 * A finding about no text is known by its message without digits: those are often lines and counts.
 */
export function marksOf(finding: Finding, lines: Lines | undefined): Marks {
  const { tool, path, range, toolFingerprint } = finding;
  const around = lines === undefined ? [] : linesAround(range, lines);
  return {
    key: keyIn(finding, lines).key,
    // With nothing around it, it is where it is: in another file it would be any other of its kind.
    near: markOf(around.flat().length === 0 ? path : around),
    toolKey: toolFingerprint === undefined ? null : markOf([tool, toolFingerprint]),
  };
}

/** The key of these marks alone, and how much of the text was looked at for it: UTF-16 units, and some a line. */
export function keyIn(
  { tool, rule, range, message }: Finding,
  lines: Lines | undefined,
): { readonly key: string; readonly looked: number } {
  const { text, looked } =
    range === undefined || lines === undefined ? { text: '', looked: 0 } : textIn(range, lines);
  const about = text === '' ? { message: message.replaceAll(/[\s\d]+/g, '') } : { text };
  return { key: markOf([tool, rule, about]), looked };
}

/** The marks of all findings of an outcome, in their order; of one stored without marks by what the findings say. */
export function marksIn({
  findings,
  marks,
}: Pick<Outcome, 'findings' | 'marks'>): readonly Marks[] {
  return marks ?? findings.map((finding) => marksOf(finding, undefined));
}

/** JSON escapes lone surrogates, of which no two would be apart as UTF-8. */
function markOf(value: unknown): string {
  return shortDigestOf(JSON.stringify(value), 32);
}

/** A text without white space, and how much was looked at for it. */
interface Compact {
  readonly text: string;
  readonly looked: number;
}

/** Between the columns, where there is enough; else of the whole lines. */
function textIn({ startLine, endLine, startColumn, endColumn }: Range, lines: Lines): Compact {
  const last = Math.min(endLine, lines.length);
  const whole = { startLine, last, from: 0, to: Number.POSITIVE_INFINITY };
  const span = {
    ...whole,
    from: (startColumn ?? 1) - 1,
    // Where the last line is not there, the column is in none that is.
    to: last === endLine && endColumn !== undefined ? endColumn - 1 : Number.POSITIVE_INFINITY,
  };
  const between = compact(lines, span);
  const isWhole = startColumn === undefined && endColumn === undefined;
  if (isWhole || between.text.length >= minSpan) return between;
  const { text, looked } = compact(lines, whole);
  return { text, looked: looked + between.looked };
}

/** Lines from `startLine` to `last`, the first from index `from` on, the last up to index `to`. */
interface Span {
  readonly startLine: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

function compact(lines: Lines, { startLine, last, from, to }: Span): Compact {
  let [text, left] = ['', maxLooked];
  for (const [index, line] of lines
    .slice(startLine - 1, Math.min(last, startLine + maxLooked / lineCost))
    .entries()) {
    const begin = index === 0 ? from : 0;
    const end = startLine + index === last ? to : Number.POSITIVE_INFINITY;
    const part = line.slice(begin, Math.min(end, begin + left));
    text += withoutSpace(part);
    left -= part.length + lineCost;
    if (left <= 0 || text.length >= maxText) break;
  }
  return { text: text.slice(0, maxText), looked: maxLooked - left };
}

/** The nearest lines with something in them, those before and those after apart, nearest first; of a whole file its ends. */
function linesAround(range: Range | undefined, lines: Lines): readonly (readonly string[])[] {
  if (range === undefined) return [nearest(lines, 1, 1), nearest(lines, lines.length, -1)];
  return [nearest(lines, range.startLine - 1, -1), nearest(lines, range.endLine + 1, 1)];
}

function nearest(lines: Lines, first: number, step: -1 | 1): readonly string[] {
  const found: string[] = [];
  for (let looked = 0; looked < maxNearLooked && found.length < nearLines; looked += 1) {
    const line = lines[first - 1 + looked * step];
    if (line === undefined) break;
    const text = withoutSpace(line.slice(0, maxText));
    if (text !== '') found.push(text);
  }
  return found;
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
