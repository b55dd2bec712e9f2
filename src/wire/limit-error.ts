import type { LimitReason } from '../domain/limits.ts';
import { SallyportError } from '../errors.ts';

/** The fault of a sandbox that sent more than it may; `limit` is the reason by name. */
export class LimitError extends SallyportError {
  readonly limit: LimitReason;

  constructor(limit: LimitReason, message: string) {
    super('result.limit', message);
    this.limit = limit;
  }
}

/** A `LimitError` for a sandbox that sent more of `what` than `most`. */
export function limitReached(limit: LimitReason, what: string, most: number): LimitError {
  return new LimitError(limit, `${what}: more than ${most}`);
}
