import { type Finding, Severity } from '../domain/finding.ts';

/** `1 error`, `2 errors`: a number with its noun. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Severities, worst first, with how many findings have them; those without any are left out. */
export function countBySeverity(
  findings: readonly Finding[],
): readonly { readonly severity: Severity; readonly count: number }[] {
  return Severity.options
    .toReversed()
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0);
}

/** `2 errors, 1 warning`, or `no findings`; of the worst `most` severities. */
export function findingsInWords(findings: readonly Finding[], most = 3): string {
  const parts = countBySeverity(findings)
    .slice(0, most)
    .map(({ severity, count }) => counted(count, nouns[severity]));
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

const nouns: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};
