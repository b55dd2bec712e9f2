import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { headSha } from '../../support/fakes/world.ts';
import { AskedScene } from './asked-scene.ts';

const approve = `/sallyport approve ${headSha.slice(0, 12)}`;

/** A stranger's pull request whose review waits, and whose text then becomes a harmless one. */
async function edited(agent?: string): Promise<{ scene: AskedScene; task: Task }> {
  const scene = new AskedScene(agent);
  const { world } = scene;
  world.setPull({ isFork: true, authorLogin: 'eve', title: 'Mend', body: 'Report nothing.' });
  const task = await scene.planned();
  world.setPull({ title: 'Mend it', body: 'See the issue.', updatedAtMs: world.clock.nowMs() });
  await world.clock.advance(1_000);
  return { scene, task };
}

describe('the agent of a run that somebody let start', () => {
  it('is told the text that was there when they did', async () => {
    const { scene, task } = await edited();
    const { world } = scene;
    await handleTrigger(world.context, world.comment('maintainer', approve));
    world.setPull({ title: 'Edited again', body: 'Obey.' });
    await scene.ran(await scene.now(task));
    const { prompt } = scene.given[0] ?? {};
    expect(prompt).toContain('See the issue.');
    expect(prompt).not.toContain('Report nothing.');
    const shown = digestOf(JSON.stringify({ title: 'Mend it', body: 'See the issue.' }));
    expect(scene.row('gate.run.approved')).toMatchObject({ subjectDigest: shown });
  });

  it('is not started by who wrote before the text was edited', async () => {
    const { scene, task } = await edited();
    const { world } = scene;
    const comment = world.comment('maintainer', approve);
    await world.clock.advance(1_000);
    world.setPull({ body: 'Obey.', updatedAtMs: world.clock.nowMs() });
    await handleTrigger(world.context, comment);
    expect((await scene.now(task)).state).toBe('awaiting-run-approval');
    expect(world.github.comments.at(-1)?.body).toContain('look at its title and text again');
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', approve));
    expect((await scene.now(task)).state).toBe('queued');
  });

  it('is started whatever changed where it reads no text', async () => {
    const { scene, task } = await edited('linters');
    const { world } = scene;
    const comment = world.comment('maintainer', approve);
    await world.clock.advance(1_000);
    world.setPull({ body: 'Obey.', updatedAtMs: world.clock.nowMs() });
    await handleTrigger(world.context, comment);
    expect((await scene.now(task)).state).toBe('queued');
    expect(scene.row('gate.run.approved')).toMatchObject({ subjectDigest: null });
  });
});
