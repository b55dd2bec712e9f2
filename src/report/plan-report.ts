import type { LedgerHead } from '../domain/ledger-entry.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { CheckAction, CheckConclusion } from '../ports/check-runs.ts';
import type { ReviewComment } from '../ports/github.ts';
import { annotationsOf } from './annotations.ts';
import { conclude, concludeWorse, isAskedFix } from './conclude.ts';
import { counted } from './counted.ts';
import { describeResult } from './describe-result.ts';
import type { Hunk } from './diff-hunks.ts';
import type { GateView } from './gate-view.ts';
import { patchText } from './patch-section.ts';
import type { FileSides } from './patch-text.ts';
import { actionIdentifiers, type CheckView } from './plan-state.ts';
import { type PlannedComments, planComments } from './review-comments.ts';
import type { RunFacts } from './run-facts.ts';
import { summaryOf } from './summary.ts';

/** A finished task as GitHub is to show it. */
export interface Report {
  readonly check: CheckView;
  /** Null when there is nothing to say inline. */
  readonly review: { readonly body: string; readonly comments: readonly ReviewComment[] } | null;
  /** Suggestions posted inline. */
  readonly suggestionCount: number;
  /** Edits that are not inline; a patch section in the check shows all edits then. */
  readonly leftoverCount: number;
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
  /** Hunks of the pull request's diff, by head path: where comments may stand. */
  readonly hunks: ReadonlyMap<string, readonly Hunk[]>;
  readonly gate: GateView;
  readonly facts: RunFacts;
  readonly ledgerHead: LedgerHead;
}

/** The hidden mark by which a task's review is found again. */
export function reviewMarker(task: Task): string {
  return `<!-- sallyport:task:${task.id}:review -->`;
}

/**
 * The whole report of a task that ran: the check with every finding as an annotation, and for a review
 * the inline suggestions. Pure; all hostile text in it has been neutralised.
 */
export function planReport(parts: ReportParts): Report {
  const inline = parts.task.kind === 'review' ? plannedComments(parts) : noComments;
  const counts = {
    suggestionCount: inline.comments.length,
    leftoverCount: inline.notInline.length,
  };
  const result = describeResult({
    ...parts,
    suggestionCount: counts.suggestionCount,
    notInline: inline.notInline,
  });
  const showsPatch = parts.task.kind === 'fix' || counts.leftoverCount > 0;
  const wholePatch = patchText(parts.files);
  const check: CheckView = {
    state: { status: 'completed', conclusion: conclusionOf(parts) },
    output: {
      title: result.title,
      summary: summaryOf({ ...parts, verdict: result.verdict }),
      ...(showsPatch && wholePatch !== '' ? { text: wholePatch } : {}),
    },
    annotations: annotationsOf(parts.outcome.findings),
    actions: parts.gate.status === 'waiting' ? gateActions : [],
  };
  return { check, review: reviewOf(parts.task, inline), ...counts, patchText: wholePatch };
}

const noComments: PlannedComments = { comments: [], notInline: [] };

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

/** Every comment here is a suggestion, so it takes both ways out. */
function plannedComments({ rules, outcome, files, hunks }: ReportParts): PlannedComments {
  const { comments, suggestions } = rules.outputs;
  if (comments === 'none' || suggestions === 'none') return noComments;
  return planComments({
    agent: rules.agent,
    maxComments: rules.review.maxComments,
    linkHosts: rules.review.linkHosts,
    findings: outcome.findings,
    files,
    hunks,
  });
}

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

function reviewOf(task: Task, inline: PlannedComments): Report['review'] {
  const { comments, notInline } = inline;
  if (comments.length === 0) return null;
  const rest =
    notInline.length === 0
      ? ''
      : ` ${counted(notInline.length, 'more change')} in the check's details.`;
  const body = `${counted(comments.length, 'suggested change')}.${rest}\n\n${reviewMarker(task)}`;
  return { body, comments };
}
