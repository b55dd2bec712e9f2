import type { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { type ErrorCode, SallyportError } from '../errors.ts';
import type { GitHub } from '../ports/github.ts';
import type { StepStore } from '../ports/store.ts';
import type { Report } from './plan-report.ts';
import type { CheckView } from './plan-state.ts';

/** Where reports go, and the record that keeps a retry from posting twice. */
export interface Publisher {
  readonly github: Pick<GitHub, 'checkRuns' | 'pullRequests' | 'reviewThreads' | 'conversations'>;
  readonly steps: StepStore;
  /** Called before each effect that must not be made twice; it throws where somebody else may make it. */
  readonly stayAlone?: () => Promise<void>;
}

/** Shown on GitHub, or refused by it for good: a retry would be refused again. */
export type Published =
  | { readonly status: 'shown' }
  | { readonly status: 'refused'; readonly code: ErrorCode };

/** Permissions taken away, or the pull request or repository gone: nothing a retry could change. */
export const goneCodes: readonly ErrorCode[] = ['github.forbidden', 'github.not-found'];

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

/** All that GitHub refuses for good. */
export const refusedCodes: readonly ErrorCode[] = [...goneCodes, 'github.rejected'];

/** The same, or refused by our own guard, for a secret where nothing can stand in its place. */
const finalCodes: readonly ErrorCode[] = [...refusedCodes, 'output.secret'];

/**
 * Makes an effect that must not be made twice: a step that had begun before is looked for on GitHub first. What is
 * refused for good is kept as refused, and never asked for again.
 */
export async function publishOnce(
  { steps, stayAlone }: Pick<Publisher, 'steps' | 'stayAlone'>,
  { taskId, step }: { readonly taskId: TaskId; readonly step: string },
  effect: {
    find(): Promise<number | undefined>;
    make(): Promise<number>;
  },
): Promise<Published> {
  const begun = await steps.begin(taskId, step);
  if (begun.status === 'done') return read(begun.reference);
  let reference = '';
  const published = await unlessRefused(finalCodes, async () => {
    await stayAlone?.();
    const found = begun.status === 'begun' ? await effect.find() : undefined;
    reference = String(found ?? (await effect.make()));
  });
  await steps.finish(taskId, step, published.status === 'shown' ? reference : write(published));
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

/** The check of a report whose comments GitHub did not take: it says so, and has the patch. */
export function withoutReview(report: Report, code: ErrorCode): CheckView {
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
