import { expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

it('reviews the same head again when the pull request is pointed at another base', async () => {
  const world = new World();
  await handleTrigger(world.context, world.pullRequest('opened'));
  await world.clock.advance(1_000);
  const baseSha = CommitSha.parse('d'.repeat(40));
  world.setPull({ baseSha, baseRef: 'release' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  const [newer, older] = await world.store.tasks.ofPullRequest(
    repository.repositoryId,
    number,
    TaskState.options,
  );
  expect(newer).toMatchObject({ state: 'queued', headSha, baseSha });
  expect(older).toMatchObject({ state: 'superseded', headSha });
  expect(world.github.runs.size).toBe(2);
});

it('reviews the new base when it is opened again, although it was closed when that was told', async () => {
  const world = new World();
  await handleTrigger(world.context, world.pullRequest('opened'));
  const [first] = [...world.store.tasks.rows.values()];
  if (first === undefined) throw new Error('nothing was planned');
  world.store.tasks.rows.set(first.id, { ...first, state: 'done' });
  await world.clock.advance(1_000);
  const baseSha = CommitSha.parse('d'.repeat(40));
  world.setPull({ baseSha, baseRef: 'release', state: 'closed' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  await handleTrigger(world.context, world.pullRequest('closed'));
  world.setPull({ state: 'open' });
  await handleTrigger(world.context, world.pullRequest('reopened'));
  const queued = await world.store.tasks.ofPullRequest(7, number, ['queued']);
  expect(queued).toMatchObject([{ headSha, baseSha }]);
});
