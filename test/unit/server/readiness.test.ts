import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../src/errors.ts';
import { createReadiness } from '../../../src/readiness.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

describe('readiness', () => {
  it('waits two seconds for a part and no longer', async () => {
    const clock = new FakeClock();
    const ask = createReadiness({ engine: () => new Promise(() => undefined) }, clock);
    const asking = ask();
    await clock.advance(2_000);
    await expect(asking).resolves.toEqual({
      ok: false,
      checks: { engine: { ok: false, error: 'timeout' } },
    });
    expect(clock.waiting).toBe(0);
  });

  it.each([
    [new SallyportError('store.unavailable', 'postgres://user:hunter2@db'), 'store.unavailable'],
    [new Error('redis://:hunter2@host'), 'failed'],
    ['hunter2', 'failed'],
  ])('says of a failure only its code: %j', async (error, expected) => {
    const check = async (): Promise<void> => {
      throw error as Error;
    };
    const readiness = await createReadiness({ part: check }, new FakeClock())();
    expect(readiness).toEqual({ ok: false, checks: { part: { ok: false, error: expected } } });
  });

  it('survives a check that throws before it waits', async () => {
    const readiness = await createReadiness({ part: throwAtOnce }, new FakeClock())();
    expect(readiness.ok).toBe(false);
  });

  it('asks the parts once for all who ask at the same time, and anew for who asks later', async () => {
    let asked = 0;
    const ask = createReadiness(
      {
        part: async () => {
          asked += 1;
        },
      },
      new FakeClock(),
    );
    await Promise.all([ask(), ask(), ask()]);
    expect(asked).toBe(1);
    await ask();
    expect(asked).toBe(2);
  });
});

function throwAtOnce(): Promise<void> {
  throw new Error('at once');
}
