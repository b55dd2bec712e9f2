import type { CheckConclusion } from '../ports/check-runs.ts';
import type { CheckView } from './plan-state.ts';
import { safeCode, safeText } from './sanitise.ts';

/** Characters of a reason, in which branches and labels stand by name. */
const maxReasonLength = 600;

/** A check of a task that was not started: why, and by which rule of the policy. */
export function planUnrun(it: {
  readonly title: string;
  readonly reason: string;
  readonly rule?: string;
  readonly conclusion: CheckConclusion;
}): CheckView {
  const { title, reason, rule, conclusion } = it;
  const by = rule === undefined ? '' : ` By ${safeCode(rule)} of the policy.`;
  return {
    state: { status: 'completed', conclusion },
    output: { title, summary: `${safeText(reason, maxReasonLength)}${by}` },
    annotations: [],
    actions: [],
  };
}
