import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks, ms. */
const pauseMs = 50;
/** Costs nothing where things go well. With ten runnable processes to a core, planning a task took 40 s. */
const patienceMs = 120_000;

/** Looks again and again until `look` finds something. @throws Error naming `what` after `timeoutMs` */
export async function waitFor<Found>(
  what: string,
  look: () => Found | undefined | Promise<Found | undefined>,
  timeoutMs = patienceMs,
): Promise<Found> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not come in ${timeoutMs} ms`);
    await delay(pauseMs);
  }
}
