import { describe, expect, it } from 'vitest';
import { endOverdue } from '../../../src/dispatch/end-overdue.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { letReviewsWrite, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';

describe('a fix that somebody asked for', () => {
  it('is concluded by what became of its patch, whatever is left to be found', async () => {
    const world = new World();
    const findings = [sampleFinding()];
    const scene = { kind: 'fix', outcome: { findings } } as const;
    const task = await storedTask(world, 'awaiting-approval', scene);
    await settleTask(world.context, task.id);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport reject'));
    await settleTask(world.context, task.id);
    const { state } = world.github.runs.get(task.checkRunId ?? 0) ?? {};
    expect(state).toEqual({ status: 'completed', conclusion: 'neutral' });
  });
});

describe('a review that may write', () => {
  it.each(['/sallyport reject', undefined])(
    'fails its check for what it found, also with its patch dropped by %s',
    async (words) => {
      const world = new World();
      letReviewsWrite(world);
      const findings = [sampleFinding()];
      const scene = { kind: 'fix', outcome: { findings }, task: { name: 'review' } } as const;
      const task = await storedTask(world, 'awaiting-approval', scene);
      await settleTask(world.context, task.id);
      const says = () => world.github.runs.get(task.checkRunId ?? 0)?.state;
      expect(says()).toEqual({ status: 'completed', conclusion: 'action_required' });
      if (words === undefined) {
        await world.clock.advance(15 * 24 * 3_600_000);
        await endOverdue(world.context);
      } else await handleTrigger(world.context, world.comment('maintainer', words));
      await settleTask(world.context, task.id);
      expect(await storedNow(world, task)).toMatchObject({ state: 'cancelled' });
      expect(says()).toEqual({ status: 'completed', conclusion: 'failure' });
    },
  );
});
