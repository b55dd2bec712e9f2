import { expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { World } from '../../support/fakes/world.ts';

it('answers a stranger once on a pull request, and records every command', async () => {
  const world = new World();
  for (const body of ['/sallyport fix', '/sallyport help', '/sallyport nonsense', '/sallyport fix'])
    await handleTrigger(world.context, world.comment('stranger', body));
  expect(world.store.replies.rows).toHaveLength(1);
  expect(world.github.reactions).toHaveLength(1);
  expect(world.ledger.types().filter((type) => type === 'command.read')).toHaveLength(4);
});

it('answers another stranger, and whoever may run tasks every time', async () => {
  const world = new World();
  await handleTrigger(world.context, world.comment('stranger', '/sallyport fix'));
  await handleTrigger(world.context, world.comment('reader', '/sallyport fix'));
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport help'));
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport help'));
  expect(world.store.replies.rows).toHaveLength(4);
});
