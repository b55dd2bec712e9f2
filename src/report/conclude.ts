import { type Finding, Severity } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Policy } from '../policy/schema.ts';
import type { CheckConclusion } from '../ports/github.ts';

/**
 * The conclusion of a review that ran. Findings at or above `failOn` fail it. A tool that could not do its
 * work is no clean bill: then the policy's word for Sallyport's own failures stands in for success.
 */
export function conclude(
  policy: Policy,
  outcome: Pick<Outcome, 'findings' | 'toolErrors'>,
): CheckConclusion {
  const { failOn, ownFailure } = policy.conclusion;
  if (failOn !== 'never' && outcome.findings.some((one) => isAtLeastAsBad(one, failOn))) {
    return 'failure';
  }
  return outcome.toolErrors.length > 0 ? ownFailure : 'success';
}

/** Position of a severity, worst first: for sorting. */
export function rankOf(severity: Severity): number {
  return -Severity.options.indexOf(severity);
}

function isAtLeastAsBad(finding: Finding, severity: Severity): boolean {
  return rankOf(finding.severity) <= rankOf(severity);
}
