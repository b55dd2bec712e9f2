import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { say } from '../../support/fakes/say.ts';
import { World } from '../../support/fakes/world.ts';

const readers = [{ permission: 'read' as const }];

describe('help', () => {
  it('offers a maintainer everything and a stranger what is open to everybody', async () => {
    const world = new World();
    const all = await say(world, 'maintainer', '/sallyport help');
    for (const name of ['review', 'fix', 'approve', 'cancel', 'explain'])
      expect(all).toContain(`\`/sallyport ${name}`);
    expect(all).not.toContain('permission or more');
    const few = await say(world, 'stranger', '/sallyport help');
    expect(few).toContain('`/sallyport status`');
    expect(few).not.toContain('`/sallyport review`');
    expect(few).toContain('With `write` permission or more also: `review`');
    expect(few).toContain('Tasks that you may start here: none.');
  });

  it('offers no task that is off, or that no command starts', async () => {
    const world = new World();
    world.setRules('fix', { enabled: false });
    const { triggers } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { triggers: { ...triggers, command: false } });
    const text = await say(world, 'maintainer', '/sallyport help');
    expect(text).not.toMatch(/sallyport (review|fix)/);
    expect(text).toContain('Tasks that you may start here: none.');
    expect(text).not.toContain('also: `review`');
  });

  it('offers a person the tasks that this person may start, and says who may the others', async () => {
    const world = new World();
    world.setRules('fix', { run: [{ permission: 'admin' }] });
    const text = await say(world, 'maintainer', '/sallyport help');
    expect(text).toContain('Tasks that you may start here: `review`.');
    expect(text).toContain('With `admin` permission or more also: `fix`.');
    expect(text).not.toContain('`/sallyport fix');
  });

  it('shows short forms where the policy has them', async () => {
    const world = new World();
    expect(await say(world, 'maintainer', '/sallyport help')).not.toContain('`/review`');
    const { policy } = world.policy;
    world.policy = { ...world.policy, policy: { ...policy, commands: { short: true } } };
    expect(await say(world, 'maintainer', '/help')).toContain('`/sallyport review` or `/review`');
    expect(await say(world, 'maintainer', '/sallyport revew')).toContain('you mean `/review`?');
  });

  it('offers who may approve and start nothing what is theirs', async () => {
    const world = new World();
    world.policy = { ...world.policy, policy: { ...world.policy.policy, approve: readers } };
    const text = await say(world, 'reader', '/sallyport help');
    expect(text).toContain('`/sallyport approve');
    expect(text).not.toContain('`/sallyport cancel');
  });
});
