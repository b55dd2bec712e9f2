import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './ports/clock.ts';

/** The machine's clock. Its waits do not keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: async (ms, signal) => {
    try {
      await delay(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      // The only rejection is the signal's, and the promise of `Clock` is to resolve then.
      if (signal?.aborted !== true) throw error;
    }
  },
};
