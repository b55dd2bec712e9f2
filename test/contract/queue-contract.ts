import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { type JobContext, type JobQueue, Postponed } from '../../src/ports/queue.ts';
import { jobOf, type TestJob } from './queue-contract-job.ts';

/** One queue as two processes would have it. */
export interface TwoHandles {
  readonly queue: JobQueue<TestJob>;
  readonly other: JobQueue<TestJob>;
}

const waitOptions = { timeout: 15_000, interval: 5 };

/** What every `JobQueue` promises; run against the fake and against BullMQ. */
export function describeQueueContract(name: string, makeQueue: () => Promise<TwoHandles>): void {
  describe(`${name} as a queue`, () => {
    let queue: JobQueue<TestJob>;
    let other: JobQueue<TestJob>;
    let runs: string[];
    const record = async (_job: TestJob, { id }: JobContext) => {
      runs.push(id);
      await turn();
    };
    const done = () => runs.toSorted();

    beforeEach(async () => {
      ({ queue, other } = await makeQueue());
      runs = [];
    });
    afterEach(async () => {
      await queue.close();
      await other.close();
    });

    test('answers a ping', async () => {
      await expect(queue.ping()).resolves.toBeUndefined();
    });

    test.each(['a', 'task:1:publish', '17', '0', 'j-x', '%3A', 'ü/😀 %'])(
      'hands over the job and its id: %s',
      async (id) => {
        await queue.add(id, jobOf('first'));
        const seen: unknown[] = [];
        other.process(async (job, context) => {
          seen.push([job, context.id, context.signal.aborted]);
          await turn();
        }, 1);
        await vi.waitFor(() => {
          expect(seen).toEqual([[jobOf('first'), id, false]]);
        }, waitOptions);
      },
    );

    test('takes an id once while its job waits', async () => {
      for (const id of ['a', 'a', 'b', 'a']) await queue.add(id, jobOf(id));
      queue.process(record, 1);
      await expect.poll(done, waitOptions).toEqual(['a', 'b']);
    });

    test('knows the id of a job that waits, and of one that is over', async () => {
      expect(await queue.has('a')).toBe(false);
      await queue.add('a', jobOf('a'));
      expect(await other.has('a')).toBe(true);
      queue.process(record, 1);
      await expect.poll(done, waitOptions).toEqual(['a']);
      expect(await other.has('a')).toBe(true);
      expect(await other.has('b')).toBe(false);
    });

    test('takes an id once after its job is done', async () => {
      queue.process(record, 1);
      await queue.add('a', jobOf('a'));
      await expect.poll(done, waitOptions).toEqual(['a']);
      await other.add('a', jobOf('again'));
      await other.add('b', jobOf('b'));
      await expect.poll(done, waitOptions).toEqual(['a', 'b']);
    });

    test('runs no more jobs at once than it was told', async () => {
      let running = 0;
      let most = 0;
      const gate = Promise.withResolvers<undefined>();
      for (let index = 0; index < 9; index += 1) await queue.add(`job-${index}`, jobOf('x'));
      queue.process(async (_job, { id }) => {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) gate.resolve(undefined);
        await gate.promise;
        await turn();
        running -= 1;
        runs.push(id);
      }, 3);
      await vi.waitFor(() => {
        expect(runs).toHaveLength(9);
      }, waitOptions);
      expect(most).toBe(3);
    });

    test.each([
      ['a retryable fault', new SallyportError('github.unavailable', 'down')],
      ['an unknown fault', new TypeError('oops')],
      // BullMQ decides on this text when it sees it.
      [
        'a fault with a text that means something to the library',
        new Error('bullmq:rateLimitExceeded'),
      ],
    ])('tries a job again after %s', async (_, error) => {
      await queue.add('a', jobOf('a'));
      queue.process(async (job, context) => {
        await record(job, context);
        if (runs.length < 3) throw error;
      }, 1);
      await expect.poll(done, waitOptions).toEqual(['a', 'a', 'a']);
    });

    test('knows a job that is still to be done: waiting, under way, put off', async () => {
      const [begun, release] = [
        Promise.withResolvers<undefined>(),
        Promise.withResolvers<undefined>(),
      ];
      expect(await queue.isOpen('a')).toBe(false);
      await queue.add('a', jobOf('a'));
      expect(await other.isOpen('a')).toBe(true);
      queue.process(async (job) => {
        begun.resolve(undefined);
        await release.promise;
        if (job.name === 'a') throw new Postponed(600_000);
      }, 1);
      await begun.promise;
      expect(await other.isOpen('a')).toBe(true);
      release.resolve(undefined);
      await queue.add('b', jobOf('b'));
      await expect.poll(() => other.isOpen('b'), waitOptions).toBe(false);
      expect(await other.isOpen('a')).toBe(true);
      expect(await other.has('b')).toBe(true);
    });

    test.each([
      ['is postponed', new Postponed(1)],
      [
        'came too early by what GitHub says',
        new SallyportError('github.unavailable', 'limited', { retryAfterMs: 1 }),
      ],
    ])('gives a job that %s out again, more often than one that fails', async (_, error) => {
      await queue.add('a', jobOf('a'));
      queue.process(async (job, context) => {
        await record(job, context);
        if (runs.length < 12) throw error;
      }, 1);
      await expect.poll(() => runs.length, waitOptions).toBe(12);
    });

    test('puts a job back for as long as its error says, and holds no worker meanwhile', async () => {
      await queue.add('a', jobOf('a'));
      queue.process(async (job, context) => {
        await record(job, context);
        const retryAfterMs = 600_000;
        if (job.name === 'a')
          throw new SallyportError('github.unavailable', 'limited', { retryAfterMs });
      }, 1);
      await queue.add('b', jobOf('b'));
      await expect.poll(() => other.isOpen('b'), waitOptions).toBe(false);
      expect(await other.isOpen('a')).toBe(true);
    });

    test('does not put a job back whose fault is not retryable, whatever it says', async () => {
      const error = new SallyportError('github.rejected', 'no', { retryAfterMs: 1 });
      await queue.add('bad', jobOf('bad'));
      queue.process(async (job, context) => {
        await record(job, context);
        if (context.id === 'bad') throw error;
      }, 1);
      await queue.add('good', jobOf('good'));
      await expect.poll(done, waitOptions).toEqual(['bad', 'good']);
      await expect.poll(() => queue.isOpen('bad'), waitOptions).toBe(false);
    });

    test('does not try a job again after a fault that is not retryable', async () => {
      await queue.add('bad', jobOf('bad'));
      queue.process(async (job, context) => {
        await record(job, context);
        if (context.id === 'bad') throw new SallyportError('policy.invalid', 'no');
      }, 1);
      await queue.add('good', jobOf('good'));
      await expect.poll(done, waitOptions).toEqual(['bad', 'good']);
      await queue.add('bad', jobOf('bad'));
      await queue.add('last', jobOf('last'));
      await expect.poll(done, waitOptions).toEqual(['bad', 'good', 'last']);
    });

    test('gives the job of a handler that was told to stop to another', async () => {
      const started = Promise.withResolvers<undefined>();
      await queue.add('a', jobOf('a'));
      queue.process((_job, { signal }) => {
        started.resolve(undefined);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new SallyportError('policy.invalid', 'stopped in the middle'));
          });
        });
      }, 1);
      await started.promise;
      await queue.close();
      other.process(record, 1);
      await expect.poll(done, waitOptions).toEqual(['a']);
    });

    test('counts the job of a handler that was told to stop and finished all the same', async () => {
      const started = Promise.withResolvers<undefined>();
      await queue.add('a', jobOf('a'));
      queue.process(async (_job, { signal }) => {
        started.resolve(undefined);
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      }, 1);
      await started.promise;
      await queue.close();
      other.process(record, 1);
      await other.add('b', jobOf('b'));
      await expect.poll(done, waitOptions).toEqual(['b']);
    });
  });
}
