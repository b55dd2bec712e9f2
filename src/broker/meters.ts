import type { EgressLimits } from '../policy/egress-policy.ts';
import { EgressEnded } from './egress-ended.ts';

/** Why a task is ended by the broker. */
export type EgressLimit = 'limit:network-bytes' | 'limit:requests' | 'limit:connections';

/** What a task has used up, models aside. */
export interface EgressUsage {
  readonly requests: number;
  readonly denied: number;
  readonly connections: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Bytes in a direction: `up` leaves the sandbox. */
export type Direction = 'up' | 'down';

/**
 * Counts what one task uses, in all its sandboxes. The first ceiling that is reached is told once to each that listens,
 * and stays reached.
 */
export class EgressMeters {
  readonly #limits: EgressLimits;
  #onLimit: (limit: EgressLimit) => void = () => undefined;
  readonly #bytesOfRule = new Map<string, number>();
  readonly #bytes = { up: 0, down: 0 };
  #requests = 0;
  #denied = 0;
  #connections = 0;
  #underWay = 0;
  #reached: EgressLimit | undefined;

  constructor(limits: EgressLimits) {
    this.#limits = limits;
  }

  /** Tells this one from now on, and nobody else: of a ceiling that was reached before, at once. */
  listen(onLimit: (limit: EgressLimit) => void): void {
    this.#onLimit = onLimit;
    if (this.#reached !== undefined) onLimit(this.#reached);
  }

  /** The first ceiling that was reached. */
  reached(): EgressLimit | undefined {
    return this.#reached;
  }

  /** Counts a request, allowed or not. @throws EgressEnded at a ceiling */
  request(): void {
    this.requireOpen();
    this.#requests += 1;
    if (this.#requests > this.#limits.requests) this.#reach('limit:requests');
  }

  denied(): void {
    this.#denied += 1;
  }

  /** Takes a place among the requests under way; give it back with `leave`. @throws EgressEnded when full */
  enter(): void {
    if (this.#underWay >= this.#limits.concurrent) throw new EgressEnded('too-many-at-once');
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
  }

  /** Counts a connection before it is made. @throws EgressEnded at a ceiling */
  connection(): void {
    this.requireOpen();
    this.#connections += 1;
    if (this.#connections > this.#limits.connections) this.#reach('limit:connections');
  }

  /** Counts bytes before they are passed on. @throws EgressEnded at a ceiling, the task's or the rule's */
  bytes(
    rule: { id: string; maxBytes?: number | undefined },
    direction: Direction,
    count: number,
  ): void {
    this.requireOpen();
    this.#bytes[direction] += count;
    const ofRule = (this.#bytesOfRule.get(rule.id) ?? 0) + count;
    this.#bytesOfRule.set(rule.id, ofRule);
    if (this.#bytes.up + this.#bytes.down > this.#limits.networkBytes)
      this.#reach('limit:network-bytes');
    if (rule.maxBytes !== undefined && ofRule > rule.maxBytes) throw new EgressEnded('rule-bytes');
  }

  /** @throws EgressEnded once any ceiling of the task was reached */
  requireOpen(): void {
    if (this.#reached !== undefined) throw new EgressEnded(this.#reached);
  }

  usage(): EgressUsage {
    return {
      requests: this.#requests,
      denied: this.#denied,
      connections: this.#connections,
      bytesUp: this.#bytes.up,
      bytesDown: this.#bytes.down,
    };
  }

  #reach(limit: EgressLimit): never {
    const isFirst = this.#reached === undefined;
    this.#reached ??= limit;
    if (isFirst) this.#onLimit(limit);
    throw new EgressEnded(this.#reached);
  }
}
