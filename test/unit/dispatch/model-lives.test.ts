import { expect, it } from 'vitest';
import { WatchedLife } from '../../support/lives/watched-life.ts';

const pushes = 20;
const lives = Number(process.env['SALLYPORT_TEST_LIVES'] ?? 20);

it('a pull request that an agent with a model reviews loses nothing to its silence', async () => {
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= lives; seed += 1) {
    const life = new WatchedLife(seed, true);
    try {
      for (let push = 1; push <= pushes; push += 1) await life.turn();
    } catch (error) {
      faults.push(`life ${seed}: ${String(error)}`);
    }
    for (const [what, count] of life.tally()) seen.set(what, (seen.get(what) ?? 0) + count);
  }
  expect(faults).toEqual([]);
  expect([...seen].filter(([, count]) => count < 3)).toEqual([]);
});
