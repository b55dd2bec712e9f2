import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WatchedLife } from '../../support/lives/watched-life.ts';

const pushes = 20;

/** The whole life that a seed decides, up to the push after which something does not hold. */
async function live(seed: number): Promise<{ life: WatchedLife; fault: string | undefined }> {
  const life = new WatchedLife(seed);
  for (let push = 1; push <= pushes; push += 1) {
    try {
      await life.turn();
    } catch (error) {
      return { life, fault: `life ${seed}, push ${push}: ${String(error)}` };
    }
  }
  return { life, fault: undefined };
}

describe('a pull request over twenty pushes', () => {
  it('is told everything once, and nothing of what is gone or dismissed', async () => {
    const holds = fc.asyncProperty(fc.nat(), async (seed) => {
      expect((await live(seed)).fault).toBeUndefined();
    });
    await fc.assert(holds, { numRuns: 150, endOnFailure: true });
  });

  it('has it all happen in the lives that this is held to', async () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 18; seed += 1) {
      const { life } = await live(seed);
      for (const [what, count] of life.tally()) seen.set(what, (seen.get(what) ?? 0) + count);
    }
    expect([...seen].filter(([, count]) => count < 3)).toEqual([]);
  });
});
