import { setTimeout as pause } from 'node:timers/promises';
import { WarmSandboxes } from '../../src/dispatch/warm-sandboxes.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { systemClock } from '../../src/system-clock.ts';
import type { Place } from './place.ts';

/** After one waits, it has the processor for this long, to come to rest. */
const restMs = 500;

/** A runner's pool with one sandbox that waits. */
export interface Pool {
  readonly sandbox: Sandbox;
  /** Resolves when one waits and has come to rest. */
  filled(): Promise<void>;
  /** Removes the one that waits. */
  close(): Promise<void>;
}

/** Opens the pool as a runner does; what waits has the ceilings of the policy that ships. */
export function openPool({ sandbox, ownerId, runtime, policy, images }: Place): Pool {
  const stop = new AbortController();
  const nowhere = () => undefined;
  const warm = new WarmSandboxes({
    sandbox,
    clock: systemClock,
    log: { info: nowhere, warn: nowhere, error: nowhere },
    size: { sandboxes: 1, maxAgeMs: 600_000 },
    isProven: () => true,
  });
  warm.want({ ownerId, image: images.recording, runtime, limits: policy.limits });
  const kept = warm.keep(stop.signal);
  return {
    sandbox: warm,
    filled: async () => {
      while (warm.waiting === 0) await pause(20);
      await pause(restMs);
    },
    close: async () => {
      stop.abort();
      await kept;
    },
  };
}
