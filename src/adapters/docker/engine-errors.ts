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

/** Starting a container of gVisor on a machine under load took half of it at most. */
const answerMs = 120_000;

/**
 * Asks the engine and translates its faults. One that takes the question and never answers (stopped,
 * or stuck on its disk) counts as away.
 * @throws SallyportError `engine.unavailable`, `engine.failed`
 */
export async function ask<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await inTime(request());
  } catch (cause) {
    throw engineFault(action, cause);
  }
}

/** Like `ask`, for what is answered when something has happened, however long that takes. */
export async function askAndWait<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    throw engineFault(action, cause);
  }
}

/** Like `ask`, for a wish that may be fulfilled already: gone, stopped, or on its way there. */
export async function askFor(action: string, request: () => Promise<unknown>): Promise<void> {
  try {
    await inTime(request());
  } catch (cause) {
    if (!alreadySo.has(statusOf(cause) ?? 0)) throw engineFault(action, cause);
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${answerMs} ms`)),
    answerMs,
  );
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
