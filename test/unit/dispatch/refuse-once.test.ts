import { expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

it('answers a stranger once on a pull request, and records every command', async () => {
  const world = new World();
  for (const body of ['/sallyport fix', '/sallyport help', '/sallyport nonsense', '/sallyport fix'])
    await handleTrigger(world.context, world.comment('stranger', body));
  expect(world.store.replies.rows).toHaveLength(1);
  expect(world.github.reactions).toHaveLength(1);
  expect(world.ledger.types().filter((type) => type === 'command.read')).toHaveLength(4);
});

it('answers who may approve and start nothing every time, and shows that it has read them', async () => {
  const world = new World();
  const { policy } = world.policy;
  world.policy = { ...world.policy, policy: { ...policy, approve: [{ permission: 'read' }] } };
  for (const body of ['/sallyport fix', '/sallyport status', '/sallyport approve'])
    await handleTrigger(world.context, world.comment('reader', body));
  expect(world.store.replies.rows).toHaveLength(3);
  expect(world.github.reactions.filter(({ content }) => content === 'eyes')).toHaveLength(3);
});

it('answers every approval that counts, of a team that one task alone names', async () => {
  const world = new World();
  const approvals = { ...rulesOf(world.policy.policy, 'fix').approvals, count: 2 };
  world.setRules('fix', { approve: [{ teams: ['acme/core'] }], approvals });
  world.github.teams = new Map([['acme/core', ['reader']]]);
  await storedTask(world, 'awaiting-approval');
  for (const body of ['/sallyport fix', '/sallyport approve'])
    await handleTrigger(world.context, world.comment('reader', body));
  expect(world.store.replies.rows).toHaveLength(2);
  expect(world.github.comments[0]?.body).toContain('Your approval counts.');
});

it('answers another stranger, and whoever may run tasks every time', async () => {
  const world = new World();
  await handleTrigger(world.context, world.comment('stranger', '/sallyport fix'));
  await handleTrigger(world.context, world.comment('reader', '/sallyport fix'));
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport help'));
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport help'));
  expect(world.store.replies.rows).toHaveLength(4);
});
