import type { ModelRoute } from '../policy/model-route.ts';
import type { ModelBudget } from '../protocol/model-budget.ts';
import type { ModelLimit } from '../protocol/usage.ts';
import { EgressEnded } from './egress-ended.ts';
import { type ModelAllowance, type ModelSum, type ModelUse, unshared } from './model-limit.ts';
import { RequestsUnderWay } from './requests-under-way.ts';

/** A model route and its ceilings. */
export type MeteredRoute = Pick<ModelRoute, 'id' | 'limits'>;

const nothing: ModelSum = { tokens: 0, costMicroUsd: 0, requests: 0 };

/**
 * Counts what one task uses of models, in all its sandboxes. The first ceiling that is reached stays reached: the
 * answer under way is cut, and no model is asked again. It does not end the run: what the agent has done counts.
 */
export class ModelMeters {
  readonly #allowance: ModelAllowance;
  readonly #ofRoute = new Map<string, ModelSum>();
  readonly #underWay = new RequestsUnderWay();
  #reached: ModelLimit | undefined;

  constructor(allowance: ModelAllowance = unshared) {
    this.#allowance = allowance;
  }

  /**
   * Lets a request out, and counts it. One that the ceilings have no room for beside what others under way will use
   * waits until those have ended, so that requests at one time do not pass a ceiling together. Resolves with what
   * says that it has ended. @throws EgressEnded by the ceiling that has no room, or what `signal` aborts with
   */
  async admit(route: MeteredRoute, use: ModelUse, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    while (this.#isCrowded(route)) {
      await this.#underWay.nextEnd(signal);
      signal.throwIfAborted();
    }
    this.request(route);
    return this.#underWay.begin(route.id, use);
  }

  /** Counts a request before it goes out. @throws EgressEnded by the ceiling that has no room for it */
  request(route: MeteredRoute): void {
    this.#requireRoom(route);
    this.#add(route, { ...nothing, requests: 1 });
  }

  /** Adds to what a route has used; negative where an estimate was too high. @throws EgressEnded above a ceiling */
  add(route: MeteredRoute, used: ModelUse): void {
    this.#add(route, { ...nothing, ...used });
    const passed = passedOf(route, this.#of(route.id));
    this.#endBy(this.#reached ?? passed ?? this.#allowance.passed());
  }

  /** The first ceiling that was reached. */
  reached(): ModelLimit | undefined {
    return this.#reached;
  }

  /** What was used of all routes. */
  used(): ModelSum {
    return [...this.#ofRoute.values()].reduce(sumOf, nothing);
  }

  /** What is left by the widest of these routes and by what the task shares with others; null: without a ceiling. */
  left(routes: readonly MeteredRoute[]): ModelBudget {
    const shared = this.#allowance.left();
    const widest = (amount: keyof ModelSum): number | null => {
      const rests = routes.map(
        ({ id, limits }) => (limits[amount] ?? Infinity) - this.#of(id)[amount],
      );
      const most = Math.max(0, ...rests);
      return Number.isFinite(most) ? most : null;
    };
    return {
      tokens: least(widest('tokens'), shared.tokens),
      costMicroUsd: least(widest('costMicroUsd'), shared.costMicroUsd),
      requests: least(widest('requests'), shared.requests),
    };
  }

  #requireRoom(route: MeteredRoute): void {
    const full = fullOf(route, this.#of(route.id));
    this.#endBy(this.#reached ?? full ?? this.#allowance.full());
  }

  /** Is there room, but for what is under way? */
  #isCrowded(route: MeteredRoute): boolean {
    this.#requireRoom(route);
    const used = sumOf(this.#of(route.id), { ...nothing, ...this.#underWay.use(route.id) });
    return (fullOf(route, used) ?? this.#allowance.full(this.#underWay.use())) !== undefined;
  }

  #of(routeId: string): ModelSum {
    return this.#ofRoute.get(routeId) ?? nothing;
  }

  #add({ id }: MeteredRoute, used: ModelSum): void {
    this.#ofRoute.set(id, sumOf(this.#of(id), used));
    this.#allowance.used(used);
  }

  #endBy(limit: ModelLimit | undefined): void {
    if (limit === undefined) return;
    this.#reached = limit;
    throw new EgressEnded(limit);
  }
}

/** The ceiling that leaves nothing for one more request. */
function fullOf({ limits }: MeteredRoute, used: ModelSum): ModelLimit | undefined {
  if (used.tokens >= limits.tokens) return 'limit:model-tokens';
  if (used.costMicroUsd >= limits.costMicroUsd) return 'limit:model-cost';
  return used.requests >= (limits.requests ?? Infinity) ? 'limit:model-requests' : undefined;
}

/** The ceiling that what was used is above. */
function passedOf({ limits }: MeteredRoute, used: ModelSum): ModelLimit | undefined {
  if (used.tokens > limits.tokens) return 'limit:model-tokens';
  return used.costMicroUsd > limits.costMicroUsd ? 'limit:model-cost' : undefined;
}

function sumOf(a: ModelSum, b: ModelSum): ModelSum {
  return {
    tokens: a.tokens + b.tokens,
    costMicroUsd: a.costMicroUsd + b.costMicroUsd,
    requests: a.requests + b.requests,
  };
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
