import type { ReviewComment } from '../../../src/ports/github.ts';
import { type InlineParts, planInline } from '../../../src/report/inline/plan-inline.ts';
import { nothingInline } from '../../../src/report/inline/publish-plan.ts';
import { planReport, type ReportParts } from '../../../src/report/plan-report.ts';

/** Everything that a report of a task is made from, its memory included. */
export type WholeParts = Omit<ReportParts, 'inline'> &
  Pick<InlineParts, 'hunks'> &
  Partial<Pick<InlineParts, 'known' | 'threads'>>;

/** Plans what a task says on the diff and in its check, as `showTask` does; the first look at its pull request unless told. */
export function planWhole({ known = [], threads = [], ...parts }: WholeParts) {
  const { plan, records } =
    parts.task.kind === 'review'
      ? planInline({ ...parts, known, threads })
      : { plan: nothingInline, records: [] };
  const report = planReport({ ...parts, inline: plan });
  const comments = plan.comments.map(({ id: _id, ...comment }) => comment as ReviewComment);
  const review = report.reviewBody === null ? null : { body: report.reviewBody, comments };
  return {
    ...report,
    plan,
    records,
    review,
    suggestionCount: plan.suggestions,
    leftoverCount: plan.notInline.length,
  };
}

/** Comments without the marks in front of their Markdown. */
export function unmarked(comments: readonly ReviewComment[] = []): readonly ReviewComment[] {
  const mark = /^<!-- sallyport:finding:[0-9a-f]{12} -->\n\n/;
  return comments.map((one) => ({ ...one, body: one.body.replace(mark, '') }));
}
