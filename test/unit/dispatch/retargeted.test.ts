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
