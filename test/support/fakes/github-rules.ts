import { SallyportError } from '../../../src/errors.ts';
import type { CheckAction, CheckAnnotation, CheckOutput } from '../../../src/ports/check-runs.ts';
import type { ReviewComment } from '../../../src/ports/github.ts';

/** Refuses what GitHub's check run API refuses (OpenAPI, `/repos/{owner}/{repo}/check-runs`). */
export function assertCheck(run: {
  readonly output: CheckOutput;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly CheckAction[];
}): void {
  const { title, summary, text = '' } = run.output;
  refuseIf(title === '' || summary === '', 'a check run has a title and a summary');
  refuseIf(summary.length > 65_535 || text.length > 65_535, 'check text is too long');
  refuseIf(run.actions.length > 3, 'a check run has at most 3 actions');
  for (const action of run.actions) {
    refuseIf(action.label.length > 20, 'action label is too long');
    refuseIf(action.description.length > 40, 'action description is too long');
    refuseIf(action.identifier.length > 20, 'action identifier is too long');
  }
  for (const annotation of run.annotations) assertAnnotation(annotation);
}

function assertAnnotation(annotation: CheckAnnotation): void {
  const { startLine, endLine, startColumn, endColumn } = annotation;
  refuseIf(annotation.title.length > 255, 'annotation title is too long');
  refuseIf(Buffer.byteLength(annotation.message) > 65_536, 'annotation message is too long');
  refuseIf(annotation.message === '', 'annotation message is empty');
  refuseIf(startLine < 1 || endLine < startLine, 'annotation range is upside down');
  const hasColumns = startColumn !== undefined || endColumn !== undefined;
  refuseIf(hasColumns && startLine !== endLine, 'columns only on a single line');
}

/** Refuses what GitHub's review API refuses: one bad comment refuses the whole review. */
export function assertReview(
  review: { readonly body: string; readonly comments: readonly ReviewComment[] },
  anchors: ReadonlyMap<string, readonly { newStart: number; newLines: number }[]> | undefined,
): void {
  refuseIf(review.body === '', 'a COMMENT review has a body');
  refuseIf(review.body.length > 65_536, 'body is too long');
  for (const comment of review.comments) {
    const { path, body, line, startLine } = comment;
    refuseIf(body === '' || body.length > 65_536, 'comment body is empty or too long');
    refuseIf(startLine !== undefined && startLine >= line, 'start_line must precede line');
    if (anchors === undefined) continue;
    const inside = (anchors.get(path) ?? []).some(
      (hunk) => (startLine ?? line) >= hunk.newStart && line < hunk.newStart + hunk.newLines,
    );
    refuseIf(!inside, `${path}:${line} is not part of the diff`);
  }
}

/** Refuses what GitHub refuses of a comment on a file as a whole; `paths` are those of the diff. */
export function assertFileComment(
  { path, body }: { readonly path: string; readonly body: string },
  paths: Iterable<string> | undefined,
): void {
  refuseIf(body === '' || body.length > 65_536, 'comment body is empty or too long');
  refuseIf(paths !== undefined && ![...paths].includes(path), `${path} is not part of the diff`);
}

function refuseIf(condition: boolean, why: string): void {
  if (condition) throw new SallyportError('github.rejected', why);
}
