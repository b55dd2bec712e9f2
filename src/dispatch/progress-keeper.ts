import type { Task } from '../domain/task.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import { progressWords } from '../protocol/progress-words.ts';
import { type Progress, planProgress } from '../report/plan-state.ts';
import type { Context } from './context.ts';

/** Between two words on the same check, ms: an installation's writes are paced, and results come first. */
const everyMs = 15_000;

/** Tells on the check of a running task how far it is. What cannot be told is left out: nothing waits for it. */
export class ProgressKeeper {
  readonly #context: Pick<Context, 'clock' | 'github' | 'log'>;
  readonly #task: Task;
  readonly #startedAtMs: number;
  #progress: Omit<Progress, 'elapsedMs'> = { phase: null, action: null, programs: 0 };
  #toldAtMs: number;
  #told: Promise<void> | undefined;
  #isStopped = false;

  constructor(context: Pick<Context, 'clock' | 'github' | 'log'>, task: Task) {
    this.#context = context;
    this.#task = task;
    this.#startedAtMs = context.clock.nowMs();
    this.#toldAtMs = this.#startedAtMs;
  }

  see(event: SandboxEvent): void {
    const before = this.#progress;
    this.#progress = after(before, event);
    if (this.#progress === before) return;
    const isDue = this.#context.clock.nowMs() - this.#toldAtMs >= everyMs;
    if (isDue && !this.#isStopped)
      this.#told ??= this.#tell().finally(() => (this.#told = undefined));
  }

  /** Nothing is told any more once this resolves: a word that comes late must not stand on a result. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#told;
  }

  async #tell(): Promise<void> {
    const { clock, github, log } = this.#context;
    const { repository, checkRunId } = this.#task;
    if (checkRunId === null) return;
    this.#toldAtMs = clock.nowMs();
    const elapsedMs = this.#toldAtMs - this.#startedAtMs;
    const { output } = planProgress(this.#task, { ...this.#progress, elapsedMs });
    try {
      await github.checkRuns.tell(repository, checkRunId, output);
    } catch (error) {
      log.warn({ taskId: this.#task.id, err: error }, 'could not show how far the task is');
    }
  }
}

function after(
  progress: Omit<Progress, 'elapsedMs'>,
  event: SandboxEvent,
): Omit<Progress, 'elapsedMs'> {
  switch (event.type) {
    case 'phase':
      return { ...progress, phase: event.phase };
    case 'progress':
    case 'agent': {
      const action = progressWords(event);
      return action === undefined ? progress : { ...progress, action };
    }
    case 'exec': {
      const started = event.batch.filter(({ kind }) => kind === 'exec').length;
      return { ...progress, programs: progress.programs + started };
    }
    default:
      return progress;
  }
}
