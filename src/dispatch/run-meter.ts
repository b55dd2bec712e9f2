import type { EgressRecord } from '../broker/egress-record.ts';
import { totalTokens } from '../broker/model-usage.ts';
import type { Task } from '../domain/task.ts';
import { routeSuffix } from '../policy/model-route.ts';
import type { Clock } from '../ports/clock.ts';
import type { UsageStore } from '../ports/store.ts';
import { usageOf } from './take-task.ts';

/** Adds up what one attempt uses, for the budgets. */
export class RunMeter {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #tokens = 0;
  #costMicroUsd = 0;
  #requests = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.nowMs();
  }

  see(record: EgressRecord): void {
    if (record.type !== 'egress.closed') return;
    if (record.host.endsWith(routeSuffix)) this.#requests += 1;
    if (record.model === null) return;
    this.#tokens += totalTokens(record.model);
    this.#costMicroUsd += record.model.costMicroUsd;
  }

  /** In place of what was set aside when it began. */
  async keep(usage: UsageStore, task: Task): Promise<void> {
    const ms = Math.max(0, this.#clock.nowMs() - this.#startedAtMs);
    const [tokens, costMicroUsd] = [Math.ceil(this.#tokens), Math.ceil(this.#costMicroUsd)];
    const used = { ms, tokens, costMicroUsd, requests: this.#requests };
    await usage.put({ ...usageOf(task, this.#startedAtMs), ...used });
  }
}
