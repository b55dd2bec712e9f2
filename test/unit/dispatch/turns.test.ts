import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/dispatch/turns.ts';
import type { LeaseStore } from '../../../src/ports/leases.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeLeaseStore } from '../../support/fakes/fake-small-stores.ts';

const clock = new FakeClock();

/** Processes on one store. */
function processes(count: number, leases: LeaseStore = new FakeLeaseStore()): Turns[] {
  return Array.from({ length: count }, () => new Turns({ leases, clock }));
}

function one(): Turns {
  return new Turns({ leases: new FakeLeaseStore(), clock });
}

describe('Turns', () => {
  it('does one thing after the other for one key, also after a failure', async () => {
    const turns = one();
    const seen: string[] = [];
    const slow = async (name: string): Promise<void> => {
      seen.push(`${name} starts`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'a') throw new Error('planned');
    };
    const take = (name: string) => turns.take('key', () => slow(name));
    const ends = await Promise.allSettled([take('a'), take('b'), take('c')]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('does not let one key wait for another', async () => {
    const turns = one();
    const first = Promise.withResolvers<string>();
    const waiting = turns.take('a', () => first.promise);
    expect(await turns.take('b', async () => 'b')).toBe('b');
    first.resolve('a');
    expect(await waiting).toBe('a');
  });

  it('are one at a time over all processes, and leave nothing behind', async () => {
    const leases = new FakeLeaseStore();
    let [inside, most, done] = [0, 0, 0];
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.after(30);
      inside -= 1;
      done += 1;
      if (done === 3) throw new Error('planned');
    };
    const all = Promise.allSettled(
      processes(4, leases).flatMap((turns) => [turns.take('a', work), turns.take('a', work)]),
    );
    await clock.advance(2_000);
    const ends = await all;
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect([most, done, leases.rows.size]).toEqual([1, 8, 0]);
    expect(clock.waiting).toBe(0);
  });

  it('outlive their lease while the process lives', async () => {
    const [first, second] = processes(2) as [Turns, Turns];
    const work = Promise.withResolvers<string>();
    const held = first.take('a', () => work.promise);
    let isIn = false;
    const waiting = second.take('a', async () => {
      isIn = true;
    });
    await clock.advance(600_000);
    expect(isIn).toBe(false);
    work.resolve('done');
    await clock.advance(1_000);
    await waiting;
    expect([await held, isIn]).toEqual(['done', true]);
  });

  it('of a process that died are taken by the next one, soon and not at once', async () => {
    const leases = new FakeLeaseStore();
    const nowMs = clock.nowMs();
    await leases.take({ name: 'a', holder: 'the dead', nowMs, untilMs: nowMs + 15_000 });
    const [living] = processes(1, leases) as [Turns];
    const waiting = living.take('a', async () => clock.nowMs() - nowMs);
    await clock.advance(60_000);
    expect(await waiting).toBe(15_000);
  });

  it('are not given while the store cannot tell who has them', async () => {
    const leases = new FakeLeaseStore();
    leases.take = () => Promise.reject(new Error('away'));
    const [turns] = processes(1, leases) as [Turns];
    let isIn = false;
    const work = async (): Promise<void> => {
      isIn = true;
    };
    await expect(turns.take('a', work)).rejects.toThrow('away');
    expect(isIn).toBe(false);
  });

  it('that are tried are not waited for, in this process or in another', async () => {
    const [first, second] = processes(2) as [Turns, Turns];
    const done = Promise.withResolvers<string>();
    const held = first.tryTake('a', () => done.promise);
    const never = async (): Promise<string> => {
      throw new Error('entered');
    };
    expect(await first.tryTake('a', never)).toEqual({ taken: false });
    expect(await second.tryTake('a', never)).toEqual({ taken: false });
    expect(await second.tryTake('b', async () => 'b')).toEqual({ taken: true, result: 'b' });
    expect(clock.waiting).toBe(1);
    done.resolve('a');
    expect(await held).toEqual({ taken: true, result: 'a' });
    expect(await second.tryTake('a', async () => 'next')).toEqual({ taken: true, result: 'next' });
    expect(clock.waiting).toBe(0);
  });

  it('that are tried come after nobody who waits, and before those who ask later', async () => {
    const leases = new FakeLeaseStore();
    const [turns, other] = processes(2, leases) as [Turns, Turns];
    const work = Promise.withResolvers<string>();
    const seen: string[] = [];
    const tried = turns.tryTake('a', () => work.promise);
    const waiting = turns.take('a', async () => seen.push('waited'));
    const elsewhere = other.take('a', async () => seen.push('elsewhere'));
    await clock.advance(1_000);
    expect(seen).toEqual([]);
    expect(await turns.tryTake('a', async () => seen.push('late'))).toEqual({ taken: false });
    work.resolve('done');
    expect(await tried).toEqual({ taken: true, result: 'done' });
    await clock.advance(1_000);
    await Promise.all([waiting, elsewhere]);
    expect(seen.toSorted()).toEqual(['elsewhere', 'waited']);
    expect(leases.rows.size).toBe(0);
  });

  it('that are tried are given back when their work fails, or the store is away', async () => {
    const leases = new FakeLeaseStore();
    const [turns] = processes(1, leases) as [Turns];
    const failing = turns.tryTake('a', () => Promise.reject(new Error('planned')));
    await expect(failing).rejects.toThrow('planned');
    let isAway = true;
    const { rows } = leases;
    leases.take = async ({ name, holder, untilMs }) => {
      if (isAway) throw new Error('away');
      rows.set(name, { holder, untilMs });
      return true;
    };
    await expect(turns.tryTake('a', async () => 'x')).rejects.toThrow('away');
    isAway = false;
    expect(await turns.tryTake('a', async () => 'x')).toEqual({ taken: true, result: 'x' });
    expect(leases.rows.size).toBe(0);
  });

  it('end as their work does, when the store goes away meanwhile', async () => {
    const leases = new FakeLeaseStore();
    const [turns] = processes(1, leases) as [Turns];
    const held = turns.take('a', async () => {
      leases.take = () => Promise.reject(new Error('away'));
      leases.release = () => Promise.reject(new Error('away'));
      await clock.after(20_000);
      return 'done';
    });
    await clock.advance(30_000);
    expect(await held).toBe('done');
  });
});
