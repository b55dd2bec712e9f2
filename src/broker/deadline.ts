import type { Clock } from '../ports/clock.ts';
import { EgressEnded } from './egress-ended.ts';

/** A wait with an end. */
export interface Deadline {
  /** Aborts when time is up or the outer signal does. */
  readonly signal: AbortSignal;
  /** Rejects with `EgressEnded` then; never resolves. */
  readonly passed: Promise<never>;
  /** To be called when the wait is over. */
  clear(): void;
}

/** Starts a wait of at most `ms`, which also ends with `outer`. */
export function startDeadline(clock: Clock, ms: number, outer: AbortSignal): Deadline {
  const timer = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([outer, timer.signal]);
  void afterUnless(clock, ms, { done: done.signal, act: () => timer.abort() });
  const passed = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new EgressEnded('timeout', { cause: signal.reason }));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
  passed.catch(() => undefined);
  return { signal, passed, clear: () => done.abort() };
}

/** Acts after `ms`, unless `done` aborts before. */
export async function afterUnless(
  clock: Clock,
  ms: number,
  { done, act }: { readonly done: AbortSignal; readonly act: () => void },
): Promise<void> {
  await clock.after(ms, done);
  if (!done.aborted) act();
}
