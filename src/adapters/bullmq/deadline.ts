import { SallyportError } from '../../errors.ts';

/**
 * What `work` resolves to, or `queue.unavailable` when it fails or takes longer than `timeoutMs`.
 * Work that is late goes on by itself and is not heard of again.
 */
export async function withinDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new SallyportError('queue.unavailable', `Redis gave no answer in ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    throw new SallyportError('queue.unavailable', 'Redis refused or lost a command', {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
