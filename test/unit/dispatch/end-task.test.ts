import { expect, it } from 'vitest';
import { endTask } from '../../../src/dispatch/end-task.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { World } from '../../support/fakes/world.ts';

// Wherever the cut falls, it would fall into an emoji of one of the two.
it.each(['', 'x'])('keeps whole characters of a long reason, %j', async (first) => {
  const world = new World();
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
  const [task] = await world.store.tasks.ofInstallation(1, ['queued'], 1);
  if (task === undefined) throw new Error('nothing was queued');
  const reason = `${first}${'😀'.repeat(150)}`;
  const ended = await endTask(world.context, task, { state: 'failed', reason });
  expect(ended?.reason).toMatch(/^x?(?:😀){80,} … \(\d+ characters cut\)$/u);
  expect(ended?.reason?.length).toBeLessThanOrEqual(200);
});
