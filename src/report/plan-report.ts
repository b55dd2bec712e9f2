import type { Finding } from '../domain/finding.ts';
import type { LedgerHead } from '../domain/ledger-entry.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { CheckAction, CheckConclusion } from '../ports/check-runs.ts';
import { annotationsOf } from './annotations.ts';
import { conclude, concludeWorse, isAskedFix } from './conclude.ts';
import { counted } from './counted.ts';
import { describeResult } from './describe-result.ts';
import type { GateView } from './gate-view.ts';
import type { PublishPlan } from './inline/publish-plan.ts';
import { patchText } from './patch-section.ts';
import type { FileSides } from './patch-text.ts';
import { actionIdentifiers, type CheckView } from './plan-state.ts';
import type { RunFacts } from './run-facts.ts';
import { summaryOf } from './summary.ts';

/** A finished task as GitHub is to show it. */
export interface Report {
  readonly check: CheckView;
  /** The result in a sentence or two, Sallyport's own Markdown. */
  readonly verdict: string;
  /** What the review says above its comments; null when there is nothing to say inline. */
  readonly reviewBody: string | null;
  /** The whole patch as Markdown, for the check's text when GitHub refuses the review; may be empty. */
  readonly patchText: string;
}

/** What a report is made from. */
export interface ReportParts {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
  /** Both sides of every change, by path. */
  readonly files: ReadonlyMap<string, FileSides>;
  /** What is said on the diff. */
  readonly inline: PublishPlan;
  /** Positions of findings that somebody who may approve has dismissed: nothing is held against them. */
  readonly waived?: ReadonlySet<number>;
  readonly gate: GateView;
  readonly facts: RunFacts;
  readonly ledgerHead: LedgerHead;
}

/** The hidden mark by which a task's review is found again. */
export function reviewMarker(task: Task): string {
  return `<!-- sallyport:task:${task.id}:review -->`;
}

/**
 * The whole report of a task that ran: the check with every finding as an annotation, but for those that people
 * dismissed and that fail nothing, and what its review says. Pure; all hostile text in it has been neutralised.
 */
export function planReport(given: ReportParts): Report {
  const { inline } = given;
  const parts = { ...given, outcome: withoutFindings(given.outcome, given.waived ?? none) };
  const shown = withoutFindings(given.outcome, new Set(inline.hidden));
  const result = describeResult(parts);
  const showsPatch = parts.task.kind === 'fix' || inline.notInline.length > 0;
  const wholePatch = patchText(parts.files);
  const check: CheckView = {
    state: { status: 'completed', conclusion: conclusionOf(parts) },
    output: {
      title: result.title,
      summary: summaryOf({ ...parts, verdict: result.verdict }),
      ...(showsPatch && wholePatch !== '' ? { text: wholePatch } : {}),
    },
    annotations: annotationsOf(shown.findings, idsOf(given)),
    actions: parts.gate.status === 'waiting' ? gateActions : [],
  };
  const { verdict } = result;
  return { check, verdict, reviewBody: reviewBodyOf(parts.task, inline), patchText: wholePatch };
}

function idsOf({ outcome, inline }: ReportParts): ReadonlyMap<Finding, string> {
  return new Map(
    inline.ids.flatMap((id, at) => outcome.findings.slice(at, at + 1).map((one) => [one, id])),
  );
}

const none: ReadonlySet<number> = new Set();

function withoutFindings(outcome: Outcome, positions: ReadonlySet<number>): Outcome {
  return { ...outcome, findings: outcome.findings.filter((_, at) => !positions.has(at)) };
}

/** Three at most; labels of 20 characters, descriptions of 40 (OpenAPI, checks/create). */
const gateActions: readonly CheckAction[] = [
  {
    label: 'Apply',
    description: 'Commit this patch to the branch',
    identifier: actionIdentifiers.apply,
  },
  { label: 'Reject', description: 'Drop this patch', identifier: actionIdentifiers.reject },
  {
    label: 'Re-run',
    description: 'Drop this patch and prepare a new one',
    identifier: actionIdentifiers.rerun,
  },
];

const ofPatch = {
  none: 'neutral',
  waiting: 'action_required',
  applied: 'success',
  rejected: 'neutral',
  refused: 'failure',
} as const;

function conclusionOf({ task, rules, outcome, gate }: ReportParts): CheckConclusion {
  if (task.kind === 'review') return conclude(rules, outcome);
  const patch = ofPatch[gate.status];
  return isAskedFix(task) ? patch : concludeWorse(patch, rules, outcome);
}

function reviewBodyOf(
  task: Task,
  { comments, suggestions, notInline }: PublishPlan,
): string | null {
  if (comments.length === 0) return null;
  const remarks = comments.length - suggestions;
  const what = [
    ...(suggestions === 0 ? [] : [counted(suggestions, 'suggested change')]),
    ...(remarks === 0 ? [] : [counted(remarks, 'remark')]),
  ].join(', ');
  const rest =
    notInline.length === 0
      ? ''
      : ` ${counted(notInline.length, 'more change')} in the check's details.`;
  return `${what}.${rest}\n\n${reviewMarker(task)}`;
}
