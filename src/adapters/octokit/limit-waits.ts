/** A rate limit that lasts longer is left to the queue, which waits without holding a worker; for one request. */
const maxWaitS = 30;
const maxWaits = 2;

/** Which rate limits the requests of one client wait for, and which are refused for it. */
export class LimitWaits {
  readonly #waited = new WeakMap<object, { readonly times: number; readonly seconds: number }>();
  readonly #refused = new WeakSet();

  /** GitHub wants `seconds` before the request is sent again: does it wait here? `request`: its options. */
  mayWait(request: object, seconds: number): boolean {
    const before = this.#waited.get(request) ?? { times: 0, seconds: 0 };
    const after = { times: before.times + 1, seconds: before.seconds + seconds };
    const mayWait = after.times <= maxWaits && after.seconds <= maxWaitS;
    if (mayWait) this.#waited.set(request, after);
    else this.#refused.add(request);
    return mayWait;
  }

  /** Did the request fail for a limit that it did not wait for? A 403 alone does not say so. */
  isRefused(request: object): boolean {
    return this.#refused.has(request);
  }
}
