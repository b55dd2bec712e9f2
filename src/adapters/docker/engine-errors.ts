import { SallyportError } from '../../errors.ts';

/** Engine answers that mean "already so" when something is killed or removed. */
const alreadySo = new Set([304, 404, 409]);

/** HTTP status of an engine's answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** A fault of the engine, judged by status alone: none means that it did not answer. */
export function engineFault(action: string, cause: unknown): SallyportError {
  if (cause instanceof SallyportError) return cause;
  const status = statusOf(cause);
  return status === undefined
    ? new SallyportError('engine.unavailable', `the engine did not answer: ${action}`, { cause })
    : new SallyportError('engine.failed', `the engine answered ${status}: ${action}`, { cause });
}

/**
 * Asks the engine and translates its faults.
 * @throws SallyportError `engine.unavailable`, `engine.failed`
 */
export async function ask<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw engineFault(action, cause);
  }
}

/** Like `ask`, for a wish that may be fulfilled already: gone, stopped, or on its way there. */
export async function askFor(action: string, request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (cause) {
    if (!alreadySo.has(statusOf(cause) ?? 0)) throw engineFault(action, cause);
  }
}
