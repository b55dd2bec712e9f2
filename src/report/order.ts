import type { Finding } from '../domain/finding.ts';
import { rankOf } from './conclude.ts';

/** Order by UTF-16 units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** Order by path, then by line; a finding about the whole file comes before its lines. */
export function comparePlace(a: Finding, b: Finding): number {
  return compareText(a.path, b.path) || lineOf(a) - lineOf(b);
}

/** Findings worst first, then by path and line: the order of annotations and of every list of them. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => rankOf(a.severity) - rankOf(b.severity) || comparePlace(a, b));
}

function lineOf(finding: Finding): number {
  return finding.range?.startLine ?? 0;
}
