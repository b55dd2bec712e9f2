import { Finding, type Severity } from '../../../src/domain/finding.ts';
import type { SourceFile } from './source-file.ts';

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The findings to report, and how many the cap has cut. */
export type ChosenFindings = { readonly findings: readonly Finding[]; readonly cut: number };

/** Rules of parsers: the file cannot be read as what it is. E9 is flake8's, SC1 shellcheck's, parse biome's. */
const brokenRule = /^(?:syntax|parse|E9\d\d|SC1\d{3})$/;
/** Built-in checks, whose errors are dangerous wherever they stand. */
const alwaysHeard: ReadonlySet<string> = new Set(['conflict-markers', 'hidden-text']);

/**
 * Is a finding worth a reader's time? On lines that the pull request wrote, or about a file as a whole,
 * every one is. On other lines only that the file is broken or dangerous: what was there before is not
 * this pull request's to mend, and hundreds of old errors would hide the new one.
 */
export function isWorthReporting(finding: Finding, file: SourceFile): boolean {
  if (finding.range === undefined || isOnAddedLine(finding, file)) return true;
  if (finding.severity !== 'error') return false;
  return brokenRule.test(finding.rule) || alwaysHeard.has(finding.tool);
}

/** Does the finding overlap a line that the pull request wrote? False when it has no place. */
export function isOnAddedLine(finding: Finding, file: SourceFile): boolean {
  if (finding.range === undefined) return false;
  return file.added.slice(finding.range.startLine - 1, finding.range.endLine).includes(true);
}

/** Worst first, then by path and place, each once, at most `max`; drops what breaks the contract. */
export function chooseFindings(findings: readonly Finding[], max: number): ChosenFindings {
  const byKey = new Map<string, Finding>();
  for (const finding of findings) {
    const parsed = Finding.safeParse(finding);
    if (parsed.success) byKey.set(JSON.stringify(sortKey(parsed.data)), parsed.data);
  }
  const sorted = [...byKey.values()].sort((a, b) => compareKeys(sortKey(a), sortKey(b)));
  return { findings: sorted.slice(0, max), cut: Math.max(0, sorted.length - max) };
}

function sortKey(finding: Finding): readonly (string | number)[] {
  const { range } = finding;
  return [
    weight[finding.severity],
    finding.path,
    range?.startLine ?? 0,
    range?.startColumn ?? 0,
    range?.endLine ?? 0,
    range?.endColumn ?? 0,
    finding.tool,
    finding.rule,
    finding.message,
  ];
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}
