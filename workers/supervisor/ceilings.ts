import type { SandboxEvent } from '../../src/protocol/event.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { ModelLimit } from '../../src/protocol/usage.ts';

type Limit = Extract<SandboxEvent, { type: 'limit' }>['limit'];

/**
 * The ceilings that the supervisor itself holds an agent to: time, output, and processes where the runtime
 * does not (gVisor has no such controller; under runc the kernel refuses first, and `fork` fails). Those of models
 * the broker holds, and says so.
 */
export class Ceilings {
  readonly #limits: TaskInput['limits'];
  readonly #reached = Promise.withResolvers<void>();
  readonly #overrun = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  #hasEnded = false;
  /** Was it the time? Only the first ceiling that is reached counts. */
  isTimeUp = false;
  limit: Limit | undefined;
  /** Is it given a moment to write down what it has? Not where it did harm. */
  mayFinish = false;

  constructor(limits: TaskInput['limits']) {
    this.#limits = limits;
    this.#timer = setTimeout(() => this.#reach(() => (this.isTimeUp = true)), limits.agentMs);
  }

  /** Resolves when one is reached. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  /** Resolves when one that may finish is at another ceiling: of a part of its work there is no more to come. */
  get overrun(): Promise<void> {
    return this.#overrun.promise;
  }

  sawOutput(bytes: number): void {
    const most = this.#limits.outputBytes ?? Number.POSITIVE_INFINITY;
    if (bytes > most) this.#reach(() => (this.limit = 'limit:output'));
  }

  sawTasks(alive: number): void {
    const most = this.#limits.pids ?? Number.POSITIVE_INFINITY;
    if (alive > most) this.#reach(() => (this.limit = 'limit:pids'));
  }

  /** The broker answers no more of its requests to models. All other ceilings hold while it finishes. */
  sawModelLimit(limit: ModelLimit): void {
    if (this.#hasEnded) return;
    this.limit = limit;
    this.mayFinish = true;
    this.#reached.resolve();
  }

  /** The agent has ended, or is about to: what is reached now was not the reason. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #reach(note: () => void): void {
    if (this.#hasEnded) return;
    this.end();
    if (this.mayFinish) {
      this.#overrun.resolve();
      return;
    }
    note();
    this.#reached.resolve();
  }
}
