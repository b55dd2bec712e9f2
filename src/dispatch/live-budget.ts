import type { ModelAllowance, ModelSum, ModelUse } from '../broker/model-limit.ts';
import type { Task } from '../domain/task.ts';
import {
  type ModelAmount,
  type ModelBudgetRule,
  modelBudgetsOf,
} from '../policy/decide/model-budgets.ts';
import type { SharedScope } from '../policy/document/budgets.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { budgetNameOf, rulesOf } from '../policy/rules-of.ts';
import type { UsagePlace } from '../ports/store.ts';
import type { ModelBudget } from '../protocol/model-budget.ts';
import type { ModelLimit } from '../protocol/usage.ts';
import type { Context } from './context.ts';
import { usageOf } from './take-task.ts';

/** How often what others used is read, and what this task uses is told to them, in ms. */
const everyMs = 1_000;
/** What was read longer ago says nothing of now, and nothing more is let out. */
const staleMs = 30_000;
const dayMs = 86_400_000;
const noUse: ModelUse = { tokens: 0, costMicroUsd: 0 };

type SharedRule = ModelBudgetRule & { readonly scope: SharedScope };
type Parts = Pick<Context, 'store' | 'clock' | 'log'>;

/**
 * What a running task may still use of models by its budgets: its own, and those of its pull request, repository and
 * organisation for the day. It knows of its own use at once, and of that of others by the store, every second: so
 * much may be used beyond a budget that is shared as others use in that time.
 */
export class LiveBudget implements ModelAllowance {
  readonly #context: Parts;
  readonly #task: Task;
  readonly #policy: EffectivePolicy;
  readonly #rules: readonly ModelBudgetRule[];
  readonly #shared: readonly SharedRule[];
  readonly #startedAtMs: number;
  readonly #closed = new AbortController();
  #own: ModelSum = { tokens: 0, costMicroUsd: 0, requests: 0 };
  #earlier: ModelSum = { tokens: 0, costMicroUsd: 0, requests: 0 };
  #others = new Map<string, number>();
  #readAtMs = 0;
  #loop: Promise<void> = Promise.resolve();

  constructor(context: Parts, task: Task, policy: EffectivePolicy) {
    this.#context = context;
    this.#task = task;
    this.#policy = policy;
    this.#rules = modelBudgetsOf(policy, task.name);
    this.#shared = this.#rules.filter(isShared);
    this.#startedAtMs = context.clock.nowMs();
  }

  /** Reads for the first time, and then again and again until `close`. @throws SallyportError `store.*` */
  async open(): Promise<void> {
    if (this.#rules.length > this.#shared.length) this.#earlier = await this.#readEarlier();
    if (this.#shared.length === 0) return;
    await this.#refresh();
    this.#loop = this.#keepFresh();
  }

  /** Resolves when nothing is read or told any more. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#loop;
  }

  used(more: ModelSum): void {
    const { tokens, costMicroUsd, requests } = this.#own;
    this.#own = {
      tokens: tokens + more.tokens,
      costMicroUsd: costMicroUsd + more.costMicroUsd,
      requests: requests + more.requests,
    };
  }

  full(underWay: ModelUse = noUse): ModelLimit | undefined {
    const isStale = this.#context.clock.nowMs() - this.#readAtMs > staleMs;
    if (this.#shared.length > 0 && isStale) return 'budget:unread';
    const expected = { ...underWay, requests: 0 };
    return this.#rules.find((rule) => this.#left(rule) <= expected[rule.amount])?.name;
  }

  passed(): ModelLimit | undefined {
    // The request that is being answered was counted when it was let out.
    return this.#rules.find((rule) => rule.amount !== 'requests' && this.#left(rule) < 0)?.name;
  }

  left(): ModelBudget {
    const least = (amount: ModelAmount): number | null => {
      const rests = this.#rules.filter((rule) => rule.amount === amount);
      if (rests.length === 0) return null;
      return Math.max(0, Math.min(...rests.map((rule) => this.#left(rule))));
    };
    return {
      tokens: least('tokens'),
      costMicroUsd: least('costMicroUsd'),
      requests: least('requests'),
    };
  }

  #left({ name, scope, amount, ceiling }: ModelBudgetRule): number {
    const besides = scope === 'perTask' ? this.#earlier[amount] : (this.#others.get(name) ?? 0);
    return ceiling - besides - this.#own[amount];
  }

  /** What the task has used in attempts that were lost. */
  #readEarlier(): Promise<ModelSum> {
    const { id: taskId, repository } = this.#task;
    const { installationId } = repository;
    return this.#context.store.usage.sum(0, { installationId, taskId });
  }

  async #keepFresh(): Promise<void> {
    const { clock, log } = this.#context;
    const { signal } = this.#closed;
    await clock.after(everyMs, signal);
    while (!signal.aborted) {
      try {
        await this.#refresh();
      } catch (error) {
        log.warn({ taskId: this.#task.id, err: error }, 'could not read what others use of models');
      }
      await clock.after(everyMs, signal);
    }
  }

  /** Tells first, so that of two tasks at least one sees the other. */
  async #refresh(): Promise<void> {
    const { store, clock } = this.#context;
    const told = this.#own;
    const nowMs = clock.nowMs();
    await store.usage.put({ ...this.#row(), ...told });
    const sinceMs = Math.floor(nowMs / dayMs) * dayMs;
    const isToday = this.#startedAtMs >= sinceMs;
    const others = new Map<string, number>();
    for (const rule of this.#shared) {
      const all = await store.usage.sum(sinceMs, this.#placeOf(rule));
      others.set(rule.name, all[rule.amount] - (isToday ? told[rule.amount] : 0));
    }
    this.#others = others;
    this.#readAtMs = nowMs;
  }

  #row() {
    const { wallClockMs } = rulesOf(this.#policy, this.#task.name).limits;
    const taskName = budgetNameOf(this.#policy, this.#task.name);
    return { ...usageOf(this.#task, this.#startedAtMs), taskName, ms: wallClockMs };
  }

  #placeOf({ scope, isOfTask }: SharedRule): UsagePlace {
    const { repository, pullRequest, name } = this.#task;
    const { installationId, repositoryId } = repository;
    const own = isOfTask ? { taskName: budgetNameOf(this.#policy, name) } : {};
    if (scope === 'perOrganisation') return { installationId, ...own };
    if (scope === 'perRepository') return { installationId, repositoryId, ...own };
    return { installationId, repositoryId, pullRequest, ...own };
  }
}

function isShared(rule: ModelBudgetRule): rule is SharedRule {
  return rule.scope !== 'perTask';
}
