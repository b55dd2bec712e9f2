import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../src/domain/ids.ts';
import { isSaidFixed } from '../../../src/report/inline/marker.ts';
import { tokenIn } from '../../support/lives/known-faults.ts';
import { PlayedLife } from '../../support/lives/played-life.ts';
import { showAndDie, showUntilSettled } from '../../support/lives/played-process.ts';

const clean = { failedTools: [], most: 5_000 };

/** How two reviews are shown, of which the second is of a newer push or of the same. */
interface Order {
  /** Before the second. */
  readonly begin: (life: PlayedLife, old: TaskId) => Promise<void>;
  readonly end: (life: PlayedLife, old: TaskId, next: TaskId) => Promise<void>;
}

/** Pairs of reviews. Returns what is wrong with our threads after one of them. */
async function live(seed: number, order: Order): Promise<readonly string[]> {
  const life = new PlayedLife(seed);
  const unclear = new Set<string>();
  const pathOf = new Map<string, string>();
  const prepare = async () => {
    const { review, taskId } = await life.prepare(clean);
    const counts = Map.groupBy(review.sighted, ({ fault }) => fault.token);
    for (const [token, all] of counts) {
      const path = all[0]?.path ?? '';
      if (all.length > 1 || (pathOf.get(token) ?? path) !== path) unclear.add(token);
      pathOf.set(token, path);
    }
    return { taskId, tokens: new Set(counts.keys()) };
  };
  for (let push = 0; push < 5; push += 1) {
    life.push();
    const old = await prepare();
    await order.begin(life, old.taskId);
    if (seed % 2 > 0) life.push();
    const { taskId, tokens } = await prepare();
    await order.end(life, old.taskId, taskId);
    const words = life.threads.map(({ body }) => tokenIn(body) ?? '');
    const wrong = life.threads.flatMap(({ body, isResolved }, at) => {
      const token = words[at] ?? '';
      if (token === '' || unclear.has(token)) return [];
      const isTwice = words.indexOf(token) !== at;
      const isClosed = isSaidFixed(body);
      const isRight = isClosed !== tokens.has(token) && (isClosed || !isResolved);
      return isTwice || !isRight
        ? [`push ${push}: ${token}, there ${tokens.has(token)}: ${body}`]
        : [];
    });
    if (wrong.length > 0) return wrong;
  }
  return [];
}

/** The process of the first dies at whichever call, and its job is taken up again after the second. */
const late: Order = {
  begin: async ({ world, choices }, old) => {
    const when = choices.among<'before' | 'after'>(['before', 'after']);
    await showAndDie(world, old, { nth: 1 + choices.below(60), when });
  },
  end: async ({ world }, old, next) => {
    await showUntilSettled(world, next);
    await showUntilSettled(world, old);
  },
};

const atOnce: Order = {
  begin: async () => undefined,
  end: async ({ world }, old, next) => {
    await Promise.all([old, next].map((taskId) => showUntilSettled(world, taskId)));
  },
};

/** The process of the first dies, and another takes up its job while the second is shown. */
const lateAndAtOnce: Order = { begin: late.begin, end: atOnce.end };
const swapped: Order = { begin: atOnce.begin, end: late.end };

describe('two reviews of one pull request', () => {
  it.each([
    ['the first late', late],
    ['both at once', atOnce],
    ['the rest of the first beside the second', lateAndAtOnce],
    ['in the wrong order', swapped],
  ])('leave nothing of what is gone, and say nothing twice: %s', async (_how, order) => {
    const holds = fc.asyncProperty(fc.nat(), async (seed) => {
      expect(await live(seed, order)).toEqual([]);
    });
    await fc.assert(holds, { numRuns: 40, endOnFailure: true });
  });
});
