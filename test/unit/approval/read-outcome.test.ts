import { describe, expect, it } from 'vitest';
import { readOutcome, readSides } from '../../../src/approval/read-outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

describe('the outcome of a task', () => {
  it('is never a guess: one that is not there, or fits no schema, is corrupt', async () => {
    const world = new World();
    const { artifacts } = world.store;
    const task = await storedTask(world, 'done');
    const none = readOutcome(artifacts, { ...task, outcomeDigest: null });
    await expect(none).rejects.toMatchObject({ code: 'store.corrupt' });
    for (const text of ['{"findings":[]}', '{"findings":']) {
      const outcomeDigest = await artifacts.put(Buffer.from(text));
      const other = readOutcome(artifacts, { ...task, outcomeDigest });
      await expect(other).rejects.toMatchObject({ code: 'store.corrupt' });
    }
  });

  it('has both sides of each change, and none where the file is absent', async () => {
    const { artifacts } = new World().store;
    const digest = await artifacts.put(Buffer.from('x'));
    const sides = await readSides(artifacts, [
      { path: RepoPath.parse('new'), before: null, after: digest },
      { path: RepoPath.parse('old'), before: digest, after: null },
    ]);
    expect([...sides.values()].map(({ before, after }) => [before?.length, after?.length])).toEqual(
      [
        [undefined, 1],
        [1, undefined],
      ],
    );
  });
});
