import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { reconcile } from '../../../src/dispatch/recover.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { type Outcome, patchDigestOf } from '../../../src/domain/outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

/** A fix whose patch has been approved and waits for its commit. */
async function approvedFix(world: World): Promise<Task> {
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport fix'));
  const [task] = await world.store.tasks.ofPullRequest(7, number, ['queued']);
  if (task === undefined) throw new Error('no fix was planned');
  const changes = [
    {
      path: RepoPath.parse('x.py'),
      before: await put(world, 'a\n'),
      after: await put(world, 'b\n'),
    },
  ];
  const outcome: Outcome = {
    findings: [],
    changes,
    refused: [],
    omitted: [],
    tools: [],
    toolErrors: [],
    mergeBaseSha: headSha,
    diffDigest: await put(world, ''),
    inputDigest: digestOf(''),
    imageDigest: 'image',
    runtime: 'runc',
    runMs: 1,
  };
  const outcomeDigest = await put(world, JSON.stringify(outcome));
  const { tasks } = world.store;
  await tasks.transition(task.id, ['queued'], 'preparing');
  await tasks.transition(task.id, ['preparing'], 'running');
  await tasks.transition(task.id, ['running'], 'collecting');
  const patchDigest = patchDigestOf(changes);
  await tasks.transition(task.id, ['collecting'], 'publishing', { outcomeDigest, patchDigest });
  const branch = { sha: headSha, message: '', parents: [], files: new Map<string, Uint8Array>() };
  world.github.branches.set(`${repository.repositoryId}:feature`, branch);
  await settleTask(world.context, task.id);
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport approve'));
  expect(await tasks.get(task.id)).toMatchObject({ state: 'applying' });
  return task;
}

function put(world: World, text: string) {
  return world.store.artifacts.put(new TextEncoder().encode(text));
}

describe('a commit of our own', () => {
  it('is found when the head has moved to it in the same moment', async () => {
    const world = new World();
    const task = await approvedFix(world);
    const error = new SallyportError('github.stale-head', 'the branch moved');
    world.github.faults.plan({ method: 'commits.commitOnBranch', nth: 1, when: 'after', error });
    await settleTask(world.context, task.id);
    expect(await world.store.tasks.get(task.id)).toMatchObject({ state: 'done', reason: null });
    expect(world.ledger.types()).toContain('patch.committed');
  });

  it('is not seen in the push of somebody else', async () => {
    const world = new World();
    const task = await approvedFix(world);
    const error = new SallyportError('github.stale-head', 'the branch moved');
    world.github.faults.plan({ method: 'commits.commitOnBranch', nth: 1, when: 'before', error });
    await settleTask(world.context, task.id);
    expect(await world.store.tasks.get(task.id)).toMatchObject({ state: 'superseded' });
    expect(world.ledger.types()).not.toContain('patch.committed');
  });
});

describe('reconciling', () => {
  it('starts no second job beside one that may be under way', async () => {
    const world = new World();
    const task = await approvedFix(world);
    await reconcile(world.context);
    const jobs = [...world.publish.jobs.keys()].filter((id) => id.includes('-applying'));
    expect(jobs).toEqual([`${task.id}-1-applying`]);
  });

  it('starts another once the first must have been given up, and is over', async () => {
    const world = new World();
    const task = await approvedFix(world);
    await world.clock.advance(15 * 60_000);
    await reconcile(world.context);
    expect([...world.publish.jobs.keys()].filter((id) => id.includes('-applying'))).toHaveLength(1);
    world.publish.over.add(`${task.id}-1-applying`);
    await reconcile(world.context);
    const jobs = [...world.publish.jobs.keys()].filter((id) => id.includes('-applying'));
    expect(jobs).toHaveLength(2);
    expect(jobs[0]).toBe(`${task.id}-1-applying`);
  });
});
