import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Task, TaskState } from '../../../src/domain/task.ts';
import type { PullRequest } from '../../../src/ports/github.ts';
import { letReviewsWrite, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, number, repository, World } from '../../support/fakes/world.ts';

const other = number + 1;

/** Two pull requests with one head. */
class Siblings {
  readonly world = new World();

  constructor() {
    this.setOther({});
  }

  setOther(change: Partial<PullRequest>): void {
    const { pulls } = this.world.github;
    const pull = pulls.get(`7#${other}`) ?? pulls.get(`7#${number}`);
    if (pull === undefined) throw new Error('no pull request');
    pulls.set(`7#${other}`, { ...pull, number: other, ...change });
  }

  review(of: number, state: TaskState, reason: string | null = null): Promise<Task> {
    const task = { pullRequest: of, reason };
    return storedTask(this.world, state, { kind: 'review', cause: `review-${of}`, task });
  }

  async says(task: Task): Promise<string | undefined> {
    await settleTask(this.world.context, task.id);
    return this.shown(task);
  }

  shown({ checkRunId }: Task): string | undefined {
    const state = this.world.github.runs.get(checkRunId ?? 0)?.state;
    return state?.status === 'completed' ? state.conclusion : undefined;
  }

  /** Does every publish job until there is no new one. */
  async publish(): Promise<void> {
    const done = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const due = [...this.world.publish.jobs].filter(([id]) => !done.has(id));
      if (due.length === 0) return;
      for (const [id, { taskId }] of due) {
        done.add(id);
        await settleTask(this.world.context, taskId);
      }
    }
    throw new Error('the siblings write each other for ever');
  }

  close(of: number): Promise<void> {
    const trigger = this.world.pullRequest('closed');
    return handleTrigger(this.world.context, { ...trigger, number: of });
  }
}

describe('two pull requests with one head', () => {
  it.each([
    ['failed', 'limit:memory'],
    ['timed-out', 'limit:wall-clock'],
    ['cancelled', 'command:cancelled'],
    ['awaiting-run-approval', null],
    ['running', null],
    ['queued', null],
  ] as const)('a pass does not stand while the other is %s', async (state, reason) => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, state, reason));
    const mine = await scene.review(number, 'publishing');
    expect(await scene.says(mine)).toBe('failure');
    expect(scene.world.github.runs.get(mine.checkRunId ?? 0)?.output.title).toContain(`#${other}`);
    expect((await storedNow(scene.world, mine)).state).toBe('done');
  });

  it('both pass when both have passed, whichever was first, and come to rest', async () => {
    const scene = new Siblings();
    const mine = await scene.review(number, 'publishing');
    const theirs = await scene.review(other, 'publishing');
    expect(await scene.says(mine)).toBe('failure');
    expect(await scene.says(theirs)).toBe('success');
    await scene.publish();
    expect([scene.shown(mine), scene.shown(theirs)]).toEqual(['success', 'success']);
    for (const task of [mine, theirs])
      expect((await storedNow(scene.world, task)).checkConcluded).toBe(true);
  });

  it('a pass that was shown is taken back when the other fails after it', async () => {
    const scene = new Siblings();
    const mine = await scene.review(number, 'publishing');
    expect(await scene.says(mine)).toBe('success');
    const theirs = await scene.review(other, 'failed', 'limit:memory');
    await scene.says(theirs);
    await scene.publish();
    expect([scene.shown(mine), scene.shown(theirs)]).toEqual(['failure', 'failure']);
  });

  it('a pass stands again when the other is closed', async () => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    const mine = await scene.review(number, 'publishing');
    expect(await scene.says(mine)).toBe('failure');
    scene.setOther({ state: 'closed' });
    await scene.close(other);
    await scene.publish();
    expect(scene.shown(mine)).toBe('success');
  });

  it('a pass stands again when the other is pushed to', async () => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    const mine = await scene.review(number, 'publishing');
    expect(await scene.says(mine)).toBe('failure');
    scene.setOther({ headSha: newerSha });
    const trigger = scene.world.pullRequest('synchronize');
    await handleTrigger(scene.world.context, { ...trigger, number: other });
    await scene.publish();
    expect(scene.shown(mine)).toBe('success');
  });

  it.each([
    ['is closed', { state: 'closed' as const }],
    ['has another head by now', { headSha: newerSha }],
  ])('a pass stands when the other %s', async (_how, change) => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    scene.setOther(change);
    expect(await scene.says(await scene.review(number, 'publishing'))).toBe('success');
  });

  it('a pass stands when the other is gone', async () => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    scene.world.github.pulls.delete(`7#${other}`);
    expect(await scene.says(await scene.review(number, 'publishing'))).toBe('success');
  });

  it('a pass waits for a GitHub that is away, and does not stand meanwhile', async () => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    const mine = await scene.review(number, 'done');
    scene.world.github.faults.plan({ method: 'pullRequests.get', nth: 1, when: 'before' });
    await expect(scene.says(mine)).rejects.toThrow('planned');
    expect(scene.shown(mine)).toBeUndefined();
  });

  it.each(['mine', 'theirs'])('what %s may write makes no difference', async (which) => {
    const scene = new Siblings();
    letReviewsWrite(scene.world);
    const kindOf = (whose: string) => (whose === which ? 'fix' : 'review');
    const one = (whose: string, of: number, state: TaskState) => {
      const task = { pullRequest: of, name: 'review', reason: null };
      const about = { kind: kindOf(whose), cause: whose, files: {}, task } as const;
      return storedTask(scene.world, state, about);
    };
    await scene.says(await one('theirs', other, 'running'));
    const mine = await one('mine', number, 'done');
    expect(await scene.says(mine)).toBe('failure');
    expect(scene.world.github.runs.get(mine.checkRunId ?? 0)?.output.title).toContain('Waits');
    scene.setOther({ state: 'closed' });
    await scene.close(other);
    await scene.publish();
    expect(scene.shown(mine)).toBe(which === 'mine' ? 'neutral' : 'success');
  });

  it.each(['closed', 'pushed to'])(
    'a pass waits for a check of the other that no task stands behind, until that one is %s',
    async (end) => {
      const two = new Siblings();
      const { world } = two;
      const id = `pull-${other}-${taskIdFor('refused', 'unrun')}`;
      const output = { title: 'Not started', summary: 'x' };
      const state = { status: 'completed', conclusion: 'failure' } as const;
      const task = await two.review(number, 'done');
      const refused = { name: 'sallyport', headSha: task.headSha, externalId: id, state, output };
      await world.github.checkRuns.create(repository, refused);
      expect(await two.says(task)).toBe('failure');
      if (end === 'closed') {
        two.setOther({ state: 'closed' });
        await two.close(other);
      } else {
        two.setOther({ headSha: newerSha });
        const push = { ...world.pullRequest('synchronize'), number: other, headSha: newerSha };
        await handleTrigger(world.context, { ...push, beforeSha: task.headSha });
      }
      await two.publish();
      expect(two.shown(task)).toBe('success');
    },
  );

  it('a failure is a failure, and a fix is nobody’s sibling', async () => {
    const scene = new Siblings();
    const mine = await scene.review(number, 'failed', 'limit:memory');
    expect(await scene.says(mine)).toBe('failure');
    expect(scene.world.github.runs.get(mine.checkRunId ?? 0)?.output.title).not.toContain('Waits');
    const fix = await storedTask(scene.world, 'done', {
      kind: 'fix',
      task: { pullRequest: other },
    });
    expect(await scene.says(fix)).not.toBeUndefined();
    expect([...scene.world.publish.jobs.keys()]).toEqual([]);
  });

  it('the newest review of the other decides', async () => {
    const scene = new Siblings();
    await scene.says(await scene.review(other, 'failed', 'limit:memory'));
    await scene.world.clock.advance(1_000);
    const again = await storedTask(scene.world, 'publishing', {
      kind: 'review',
      cause: 'again',
      task: { pullRequest: other, repository },
    });
    await scene.says(again);
    expect(await scene.says(await scene.review(number, 'publishing'))).toBe('success');
  });
});
