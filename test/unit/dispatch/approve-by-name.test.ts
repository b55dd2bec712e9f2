import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

async function approve(world: World, target: string): Promise<string> {
  await handleTrigger(world.context, world.comment('maintainer', `/sallyport approve ${target}`));
  return world.github.comments.at(-1)?.body ?? '';
}

describe('an approval that names a task', () => {
  it('is for the patch of that name, whatever else waits', async () => {
    const world = new World();
    const patch = await storedTask(world, 'awaiting-approval');
    const docs = await storedTask(world, 'awaiting-approval', {
      cause: 'docs',
      task: { name: 'docs' },
    });
    expect(await approve(world, 'fix')).toBe('');
    expect((await storedNow(world, patch)).state).toBe('applying');
    expect((await storedNow(world, docs)).state).toBe('awaiting-approval');
  });

  it('decides nothing where two of that name wait, and says which', async () => {
    const world = new World();
    const one = await storedTask(world, 'awaiting-approval', { cause: 'one' });
    const two = await storedTask(world, 'awaiting-run-approval', { cause: 'two' });
    const said = await approve(world, 'fix');
    expect(said).toContain(`\`/sallyport approve ${one.id}\` is for a patch of \`fix\``);
    expect(said).toContain(`\`/sallyport approve ${two.id}\` is for a run of \`fix\``);
    expect((await storedNow(world, one)).state).toBe('awaiting-approval');
    expect((await storedNow(world, two)).state).toBe('awaiting-run-approval');
  });

  it('decides nothing where none of that name waits, and says what does', async () => {
    const world = new World();
    const { id } = await storedTask(world, 'awaiting-approval');
    expect(await approve(world, 'docs')).toContain(`called so. \`/sallyport approve ${id}\``);
    expect(await approve(new World(), 'docs')).toContain('Nothing is waiting');
  });

  it('lets no run start: whoever does that names its commit', async () => {
    const world = new World();
    const run = await storedTask(world, 'awaiting-run-approval');
    const said = await approve(world, 'fix');
    expect(said).toContain(`\`/sallyport approve ${run.headSha.slice(0, 12)}\``);
    expect((await storedNow(world, run)).state).toBe('awaiting-run-approval');
    await approve(world, run.id);
    expect((await storedNow(world, run)).state).toBe('queued');
  });

  it('means nothing that was planned after it', async () => {
    const world = new World();
    const late = world.comment('maintainer', '/sallyport approve fix');
    await world.clock.advance(1_000);
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, late);
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(world.github.comments.at(-1)?.body).not.toContain(task.id);
  });
});
