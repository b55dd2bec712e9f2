import type { Task } from '../domain/task.ts';
import { type ErrorCode, SallyportError } from '../errors.ts';
import type { GitHub } from '../ports/github.ts';
import type { StepStore } from '../ports/store.ts';
import { type Report, reviewMarker } from './plan-report.ts';
import type { CheckView } from './plan-state.ts';

/** Where reports go, and the record that keeps a retry from posting twice. */
export interface Publisher {
  readonly github: Pick<GitHub, 'checkRuns' | 'pullRequests'>;
  readonly steps: StepStore;
}

/** Shown on GitHub, or refused by it for good: a retry would be refused again. */
export type Published =
  | { readonly status: 'shown' }
  | { readonly status: 'refused'; readonly code: ErrorCode };

/** What became of a report. */
export interface PublishedReport {
  readonly check: Published;
  /** Null when the report has no review. */
  readonly review: Published | null;
}

/** Permissions taken away, or the pull request or repository gone: nothing a retry could change. */
export const goneCodes: readonly ErrorCode[] = ['github.forbidden', 'github.not-found'];

/**
 * Shows a report: first the check, so that a required check is never held up, then the review. Safe to
 * repeat after a crash at any point. A review that GitHub refuses is told in the check, with the patch.
 * @throws SallyportError whatever is worth another try
 */
export async function publishReport(
  publisher: Publisher,
  task: Task,
  report: Report,
): Promise<PublishedReport> {
  const check = await publishState(publisher, task, report.check);
  if (report.review === null) return { check, review: null };
  const review = await publishReview(publisher, task, report.review);
  if (review.status === 'refused' && check.status === 'shown') {
    await publishState(publisher, task, withoutReview(report, review.code));
  }
  return { check, review };
}

/**
 * Shows a state of the task on its check run. An update is idempotent on GitHub's side, so no step is kept.
 * @throws SallyportError whatever is worth another try, and `github.rejected`, which is a fault of ours
 */
export async function publishState(
  publisher: Publisher,
  task: Task,
  view: CheckView,
): Promise<Published> {
  const { checkRuns } = publisher.github;
  return unlessRefused(goneCodes, async () => {
    const found = task.checkRunId ?? (await checkRuns.find(task.repository, task.headSha, task.id));
    if (found === undefined) {
      throw new SallyportError('github.not-found', `task ${task.id} has no check run`);
    }
    await checkRuns.update(task.repository, found, view);
  });
}

/** Posts the review once: a step that had begun before is looked for on GitHub by its hidden mark. */
async function publishReview(
  publisher: Publisher,
  task: Task,
  review: NonNullable<Report['review']>,
): Promise<Published> {
  const { steps } = publisher;
  const step = await steps.begin(task.id, 'review');
  if (step.status === 'done') return read(step.reference);
  const { pullRequests } = publisher.github;
  const { repository, pullRequest, headSha } = task;
  let reference = '';
  const published = await unlessRefused([...goneCodes, 'github.rejected'], async () => {
    const marker = reviewMarker(task);
    const found =
      step.status === 'begun'
        ? await pullRequests.findReview(repository, pullRequest, marker)
        : undefined;
    const posted =
      found ?? (await pullRequests.createReview(repository, pullRequest, { headSha, ...review }));
    reference = String(posted);
  });
  await steps.finish(
    task.id,
    'review',
    published.status === 'shown' ? reference : write(published),
  );
  return published;
}

/** Makes an effect, and tells a refusal with one of these codes from a fault. @throws SallyportError any other */
export async function unlessRefused(
  final: readonly ErrorCode[],
  effect: () => Promise<void>,
): Promise<Published> {
  try {
    await effect();
    return { status: 'shown' };
  } catch (error) {
    if (!(error instanceof SallyportError) || !final.includes(error.code)) throw error;
    return { status: 'refused', code: error.code };
  }
}

function withoutReview(report: Report, code: ErrorCode): CheckView {
  const note = `GitHub did not take the inline suggestions (\`${code}\`); the patch is in the details.\n\n`;
  const { output } = report.check;
  return {
    ...report.check,
    output: { ...output, summary: `${note}${output.summary}`, text: report.patchText },
  };
}

const refusedMark = 'refused:';

function write(refused: Extract<Published, { status: 'refused' }>): string {
  return `${refusedMark}${refused.code}`;
}

function read(reference: string): Published {
  if (!reference.startsWith(refusedMark)) return { status: 'shown' };
  return { status: 'refused', code: reference.slice(refusedMark.length) as ErrorCode };
}
