import type { Finding, Range, Severity } from '../domain/finding.ts';
import { escapedJsonLine } from './escaped-json.ts';
import type { LocalReport } from './local-report.ts';
import { inOrder } from './order.ts';
import { plain, plainLine } from './sanitise.ts';
import { fixesFor, type SarifFix } from './sarif-fixes.ts';
import { contentOf, splitLines } from './text-lines.ts';

const severities: Readonly<Record<Severity, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'INFO',
};

/**
 * The findings as reviewdog's rdjsonl: a diagnostic a line, columns in UTF-8 bytes as that format counts, the
 * edits on a finding's lines as its suggestions. It has no place for what could not run or was left out; the
 * exit code says that there is something.
 */
export function toRdjsonl(report: Pick<LocalReport, 'outcome' | 'files' | 'sources'>): string {
  const findings = inOrder(report.outcome.findings);
  const fixes = fixesFor(findings, report.files);
  const lines = linesOf(report.sources);
  return findings
    .map((finding) => `${escapedJsonLine(diagnosticOf(finding, fixes.get(finding), lines))}\n`)
    .join('');
}

type Lines = ReadonlyMap<string, readonly string[]>;

function diagnosticOf(finding: Finding, fix: SarifFix | undefined, lines: Lines) {
  const { path, range, rule, helpUrl, related } = finding;
  return {
    message: plain(finding.message, 16_000),
    location: { path, ...(range && { range: rangeOf(range, lines.get(path) ?? []) }) },
    severity: severities[finding.severity],
    source: { name: finding.tool },
    code: { value: plainLine(rule, 300), ...(helpUrl && { url: helpUrl }) },
    ...(fix && { suggestions: suggestionsOf(fix) }),
    ...(related && {
      related_locations: related.map((place) => ({
        message: plain(place.message, 1_000),
        location: { path: place.path, ...(place.range && { range: wholeLines(place.range) }) },
      })),
    }),
  };
}

function suggestionsOf({ artifactChanges: [{ replacements }] }: SarifFix) {
  return replacements.map(({ deletedRegion, insertedContent }) => ({
    range: {
      start: { line: deletedRegion.startLine, column: deletedRegion.startColumn },
      end: { line: deletedRegion.endLine, column: deletedRegion.endColumn },
    },
    text: insertedContent.text,
  }));
}

/** Where a column's place in bytes is not known, the lines stand for it. */
function rangeOf(range: Range, lines: readonly string[]) {
  const { startLine, endLine, startColumn, endColumn } = range;
  const start = byteColumn(lines[startLine - 1], startColumn);
  if (start === undefined) return wholeLines(range);
  const end = byteColumn(lines[endLine - 1], endColumn);
  const place = { start: { line: startLine, column: start } };
  return end === undefined ? place : { ...place, end: { line: endLine, column: end } };
}

function wholeLines({ startLine, endLine }: Range) {
  return { start: { line: startLine }, end: { line: endLine } };
}

function byteColumn(line: string | undefined, column: number | undefined): number | undefined {
  if (line === undefined || column === undefined) return undefined;
  return Buffer.byteLength(contentOf(line).slice(0, column - 1)) + 1;
}

function linesOf(sources: LocalReport['sources']): Lines {
  const lines = new Map<string, readonly string[]>();
  for (const [path, bytes] of sources) {
    const text = splitLines(bytes);
    if (text.kind === 'text') lines.set(path, text.lines);
  }
  return lines;
}
