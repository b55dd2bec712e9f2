import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { setBranch } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository } from '../../support/fakes/world.ts';
import { write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

type Act = (life: Life) => Promise<unknown>;

/** One pull request, and what people, runner and publisher do about its newest task. */
class Life extends RunnerScene {
  async task(): Promise<Task> {
    const { tasks } = this.world.store;
    const [newest] = await tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
    if (newest === undefined) throw new Error('nothing was planned');
    return newest;
  }

  /** Rows of the ledger that tell of a move. */
  moves(): readonly string[] {
    const told = /^task\.(?!log|peaks)|^gate\./;
    return this.world.ledger.types().filter((type) => told.test(type));
  }
}

const opens: Act = ({ world }) => handleTrigger(world.context, world.pullRequest('opened'));
const pushes: Act = async ({ world }) => {
  world.setPull({ headSha: newerSha });
  await handleTrigger(world.context, world.pullRequest('synchronize'));
};
const says =
  (text: string): Act =>
  ({ world }) =>
    handleTrigger(world.context, world.comment('maintainer', text));
const runs: Act = async (life) => life.run(await life.task());
const settles: Act = async (life) => settleTask(life.world.context, (await life.task()).id);
const engineFails: Act = async (life) => {
  const error = new SallyportError('engine.unavailable', 'planned');
  life.sandbox.faults.plan({ method: 'start', nth: 1, when: 'before', error });
};
const forked: Act = async ({ world }) => world.setPull({ isFork: true });
const fixes: Act = async (life) => {
  const files = new Map([['src/a.js', Buffer.from('old\n')]]);
  setBranch(life.world, { sha: headSha, files });
  life.sandbox.behave = answers({ changes: [write('src/a.js', 4)] }, 'new\n');
  await says('/sallyport fix')(life);
};

const run = ['task.preparing', 'task.running', 'task.collecting', 'task.publishing'];

describe('every move of a task has its row in the ledger', () => {
  it.each<[string, readonly Act[], TaskState, readonly string[]]>([
    ['a review', [opens, runs, settles], 'done', [...run, 'task.done']],
    [
      'a fix that is applied',
      [fixes, runs, settles, says('/sallyport approve'), settles],
      'done',
      [...run, 'task.awaiting-approval', 'gate.write.approved', 'task.done'],
    ],
    [
      'a fix that is rejected',
      [fixes, runs, settles, says('/sallyport reject')],
      'cancelled',
      [...run, 'task.awaiting-approval', 'gate.write.rejected'],
    ],
    [
      'a run that is let through',
      [forked, opens, says(`/sallyport approve ${headSha.slice(0, 12)}`), runs],
      'publishing',
      ['gate.run.approved', ...run],
    ],
    [
      'a run that is not',
      [forked, opens, says('/sallyport reject')],
      'cancelled',
      ['gate.run.rejected'],
    ],
    [
      'one attempt that failed',
      [opens, engineFails, runs, runs],
      'publishing',
      ['task.preparing', 'task.running', 'task.requeued', ...run],
    ],
    [
      'two attempts that failed',
      [opens, engineFails, runs, engineFails, runs],
      'failed',
      [
        'task.preparing',
        'task.running',
        'task.requeued',
        'task.preparing',
        'task.running',
        'task.ended',
      ],
    ],
  ])('%s', async (_what, acts, state, moves) => {
    const life = new Life();
    for (const act of acts) await act(life);
    expect((await life.task()).state).toBe(state);
    expect(life.moves()).toEqual(['task.planned', ...moves]);
    expect(life.world.store.tasks.untold).toEqual([]);
  });

  it('a push that replaces it', async () => {
    const life = new Life();
    await opens(life);
    await pushes(life);
    expect(life.moves()).toEqual(['task.planned', 'task.planned', 'task.ended']);
    expect(life.world.store.tasks.untold).toEqual([]);
  });
});
