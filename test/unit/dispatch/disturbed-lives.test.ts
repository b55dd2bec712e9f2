import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Choices } from '../../support/lives/choices.ts';
import { snapshotOf } from '../../support/lives/snapshot.ts';
import type { Disturbance, Mishap } from '../../support/lives/trap.ts';
import { WatchedLife } from '../../support/lives/watched-life.ts';

/** What is seen after each push, and how many calls its publishing made. */
interface Lived {
  readonly seen: readonly string[];
  readonly calls: readonly number[];
}

/** A life of so many pushes, whose publishing may be disturbed. */
async function live(
  seed: number,
  pushes: number,
  disturbanceAt: (push: number) => Disturbance = () => ({}),
): Promise<Lived> {
  const watched = new WatchedLife(seed);
  const seen: string[] = [];
  const calls: number[] = [];
  for (let push = 0; push < pushes; push += 1) {
    calls.push((await watched.turn(disturbanceAt(push))).calls);
    seen.push(await snapshotOf(watched.life));
  }
  return { seen, calls };
}

const whens = ['before', 'after'] as const;
const hows = ['dies', 'fails'] as const;

describe('a publishing in which one call goes wrong', () => {
  /** Of four pushes with comments of both kinds, threads to be resolved, to be opened again and to be hidden. */
  const [seed, pushes] = [385, 4];

  it.each(whens.flatMap((when) => hows.map((how) => ({ when, how }))))(
    'shows the same in the end, whichever call it is: $how $when it has its effect',
    async ({ when, how }) => {
      const plain = await live(seed, pushes);
      for (const [push, calls] of plain.calls.entries()) {
        for (let nth = 1; nth <= calls; nth += 1) {
          const disturbed = await live(seed, pushes, (at) =>
            at === push ? { mishap: { nth, when, how } } : {},
          );
          expect(disturbed.seen, `call ${nth} of push ${push}`).toEqual(plain.seen);
        }
      }
    },
  );

  it('shows the same in the end in any life, with one in every push', async () => {
    const same = fc.asyncProperty(fc.nat(), async (any) => {
      const plain = await live(any, 8);
      const choices = new Choices(any + 1);
      const disturbed = await live(any, 8, (push) => ({
        mishap: mishapIn(plain.calls[push] ?? 1, choices),
        publishers: choices.among([1, 1, 2]),
      }));
      expect(disturbed.seen).toEqual(plain.seen);
    });
    await fc.assert(same, { numRuns: 60, endOnFailure: true });
  });
});

function mishapIn(calls: number, choices: Choices): Mishap {
  return {
    nth: 1 + choices.below(calls),
    when: choices.among(['before', 'after']),
    how: choices.among(['dies', 'fails']),
  };
}

describe('two processes that publish at once', () => {
  it('show what one would have shown', async () => {
    const same = fc.asyncProperty(fc.nat(), async (any) => {
      const plain = await live(any, 8);
      expect((await live(any, 8, () => ({ publishers: 2 }))).seen).toEqual(plain.seen);
    });
    await fc.assert(same, { numRuns: 40, endOnFailure: true });
  });
});
