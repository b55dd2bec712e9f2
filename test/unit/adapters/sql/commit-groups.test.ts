import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CommitGroups } from '../../../../src/adapters/sql/commit-groups.ts';

/** Groups whose writes are kept, and end when the test says so. */
function scene() {
  const groups: (readonly string[])[] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const commits = new CommitGroups<string, string>(async (items) => {
    groups.push(items);
    await new Promise<void>((resolve, reject) => ends.push({ resolve, reject }));
    return items.map((item) => `${item} is written`);
  });
  const add = (item: string, mayWait = false) => commits.add(item, { mayWait });
  return { groups, ends, add };
}

describe('what is written together', () => {
  test('is what came in one turn, in its order, and each gets its own answer', async () => {
    const { groups, ends, add } = scene();
    const answers = Promise.all([add('a'), add('b'), add('c')]);
    await turn();
    expect(groups).toEqual([['a', 'b', 'c']]);
    ends[0]?.resolve();
    expect(await answers).toEqual(['a is written', 'b is written', 'c is written']);
  });

  test('begins only when the group before has ended', async () => {
    const { groups, ends, add } = scene();
    const first = add('a');
    await turn();
    const second = add('b');
    await turn();
    expect(groups).toEqual([['a']]);
    ends[0]?.resolve();
    await first;
    await turn();
    expect(groups).toEqual([['a'], ['b']]);
    ends[1]?.resolve();
    expect(await second).toBe('b is written');
  });

  test('is no more than 64 at once', async () => {
    const { groups, ends, add } = scene();
    const answers = Array.from({ length: 70 }, (_, index) => add(`${index}`));
    await turn();
    ends[0]?.resolve();
    await answers[0];
    await turn();
    expect(groups.map(({ length }) => length)).toEqual([64, 6]);
    ends[1]?.resolve();
    expect(await answers[69]).toBe('69 is written');
  });

  test('what may wait goes with the next that may not, before it', async () => {
    const { groups, ends, add } = scene();
    const waiting = add('end', true);
    await turn();
    expect(groups).toEqual([]);
    const answers = Promise.all([waiting, add('decision')]);
    await turn();
    expect(groups).toEqual([['end', 'decision']]);
    ends[0]?.resolve();
    expect(await answers).toEqual(['end is written', 'decision is written']);
  });

  test('what may wait is written when nothing else comes', async () => {
    const { groups, ends, add } = scene();
    const waiting = add('end', true);
    while (groups.length === 0) await turn();
    ends[0]?.resolve();
    expect(await waiting).toBe('end is written');
  });

  test('fails together, and the next group is written all the same', async () => {
    const { ends, add } = scene();
    const first = Promise.allSettled([add('a'), add('b')]);
    await turn();
    ends[0]?.reject(new Error('disk full'));
    expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = add('c');
    await turn();
    ends[1]?.resolve();
    expect(await next).toBe('c is written');
  });
});
