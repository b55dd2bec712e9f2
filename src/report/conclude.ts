import { type Finding, Severity } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { CheckConclusion } from '../ports/check-runs.ts';

/**
 * The conclusion of a review that ran. Findings at or above `failOn` fail it, and so does a tool that could
 * not do its work: one line of code that its parser cannot take would hide every error in the same file.
 * Only where nothing fails a check does the policy's word for Sallyport's own failures stand in for success.
 */
export function conclude(
  rules: Pick<EffectiveTask, 'conclusion'>,
  outcome: Pick<Outcome, 'findings' | 'toolErrors'>,
): CheckConclusion {
  const { failOn, ownFailure } = rules.conclusion;
  if (outcome.findings.some((one) => fails(rules, one))) return 'failure';
  if (outcome.toolErrors.length === 0) return 'success';
  return failOn === 'never' ? ownFailure : 'failure';
}

/** Worst first. A patch that waits says so, whatever was found: neither of the first two passes a required check. */
const byBadness: readonly CheckConclusion[] = ['action_required', 'failure', 'neutral', 'success'];

/**
 * The conclusion of a task that may write: what became of its patch is one half of it, what it found the other, and
 * the worse one counts. A policy that lets a review propose patches has not said that its findings fail nothing.
 */
export function concludeWorse(
  ofPatch: 'action_required' | 'failure' | 'neutral' | 'success',
  rules: Pick<EffectiveTask, 'conclusion'>,
  outcome: Pick<Outcome, 'findings' | 'toolErrors'>,
): CheckConclusion {
  const both = [ofPatch, conclude(rules, outcome)];
  return byBadness.find((one) => both.includes(one)) as CheckConclusion;
}

/** A fix that somebody asked for is about its patch alone: what is left to be found is what reviews are for. */
export function isAskedFix({ name, isAutomatic }: Pick<Task, 'name' | 'isAutomatic'>): boolean {
  return name === 'fix' && !isAutomatic;
}

/** Position of a severity, worst first: for sorting. */
export function rankOf(severity: Severity): number {
  return -Severity.options.indexOf(severity);
}

/** Does a finding fail the check? */
export function fails(
  { conclusion: { failOn } }: Pick<EffectiveTask, 'conclusion'>,
  { severity }: Pick<Finding, 'severity'>,
): boolean {
  return failOn !== 'never' && rankOf(severity) <= rankOf(failOn);
}
