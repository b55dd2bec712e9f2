import type { Json } from './json.ts';

/** What goes wrong with the next matching requests. */
export interface FaultRule {
  readonly method?: string;
  /** A part of the path, or an expression that it must match. */
  readonly path: string | RegExp;
  /** `before`: nothing has happened on GitHub. `after`: it has, but the caller does not learn of it. */
  readonly when: 'before' | 'after';
  /** The status to answer; without it the connection is dropped. */
  readonly status?: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests go wrong. 1 unless told. */
  readonly times?: number;
}

/** The faults that tests have ordered and requests have not yet met. */
export class Faults {
  readonly #pending: { rule: FaultRule; left: number }[] = [];

  /** Orders a fault. */
  add(rule: FaultRule): void {
    this.#pending.push({ rule, left: rule.times ?? 1 });
  }

  /** The fault for a request, if one is ordered; each use counts. */
  take(method: string, path: string): FaultRule | undefined {
    const hit = this.#pending.find(({ rule, left }) => left > 0 && matches(rule, method, path));
    if (hit) hit.left -= 1;
    return hit?.rule;
  }

  /** How many ordered faults no request has met: a test that orders a fault should see 0 at its end. */
  get unmet(): number {
    return this.#pending.reduce((sum, { left }) => sum + left, 0);
  }
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  return typeof rule.path === 'string' ? path.includes(rule.path) : rule.path.test(path);
}
