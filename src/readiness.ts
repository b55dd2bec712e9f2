import { SallyportError } from './errors.ts';
import type { Clock } from './ports/clock.ts';

/** Checks by name; each resolves when its part answers. */
export type HealthChecks = Readonly<Record<string, () => Promise<void>>>;

/** What `/readyz` says. `error` is a code or a word, never a text: texts can hold addresses and secrets. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly error?: string }>>;
}

/** A part that has not answered by then counts as failed. */
const timeoutMs = 2_000;

/** Makes the readiness question. Who asks while it is being answered gets the same answer: no flood passes on. */
export function createReadiness(health: HealthChecks, clock: Clock): () => Promise<Readiness> {
  let asking: Promise<Readiness> | undefined;
  return () => {
    asking ??= ask(health, clock).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function ask(health: HealthChecks, clock: Clock): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(health).map(
      async ([name, check]) => [name, await outcome(check, clock)] as const,
    ),
  );
  const ok = results.every(([, result]) => result.ok);
  return { ok, checks: Object.fromEntries(results) };
}

async function outcome(check: () => Promise<void>, clock: Clock) {
  const answered = new AbortController();
  const late = clock
    .after(timeoutMs, answered.signal)
    .then(() => ({ ok: false, error: 'timeout' }));
  const result = await Promise.race([run(check), late]);
  answered.abort();
  return result;
}

async function run(check: () => Promise<void>): Promise<{ ok: boolean; error?: string }> {
  try {
    await check();
    return { ok: true };
  } catch (error) {
    return { ok: false, error: error instanceof SallyportError ? error.code : 'failed' };
  }
}
