import { expect, it } from 'vitest';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { DeliveryId } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { newerSha } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { AskedScene } from './asked-scene.ts';

const range = { startLine: 1, endLine: 1 };
const finding = sampleFinding({ tool: 'claude-code', rule: 'off-by-one', path: 'src/a.js', range });
const report = (findings: readonly object[]) => ({
  report: {
    findings: [...findings],
    tools: [{ name: 'claude-code', version: '1' }],
    toolErrors: [],
  },
});

/** A review of a newer head. */
async function queued(scene: AskedScene, cause: string): Promise<Task> {
  const fields = {
    name: 'review',
    kind: 'review' as const,
    headSha: newerSha,
    cause: DeliveryId.parse(cause),
  };
  const task = await scene.queued(fields);
  scene.world.setPull({ headSha: newerSha });
  return task;
}

it('an agent is told what it found before, and settles nothing by silence', async () => {
  const scene = new AskedScene();
  const { world } = scene;
  scene.sandbox.behave = answers(report([finding]), '');
  const first = await scene.planned();
  await scene.ran(first);
  await settleTask(world.context, first.id);
  scene.sandbox.behave = answers(report([]), '');
  const second = await queued(scene, 'second');
  await scene.ran(second);
  const [told] = scene.given[1]?.input.priorFindings ?? [];
  expect(told).toMatchObject({
    state: 'open',
    rule: 'off-by-one',
    range,
    message: finding.message,
  });
  expect(scene.given[1]?.prompt).toContain(`"id":"${told?.id}","state":"open"`);
  await settleTask(world.context, second.id);
  const key = { repositoryId: second.repository.repositoryId, number: second.pullRequest };
  expect((await scene.now(second)).state).toBe('done');
  const records = await world.store.findings.ofPullRequest(key, 'review');
  expect(records).toMatchObject([{ id: told?.id, state: 'open' }]);
  scene.source.head.set('src/a.js', { kind: 'file', text: 'mended\n' });
  const third = await queued(scene, 'third');
  await scene.ran(third);
  await settleTask(world.context, third.id);
  expect((await scene.now(third)).state).toBe('done');
  const left = await world.store.findings.ofPullRequest(key, 'review');
  expect(left.filter(({ state }) => state === 'open')).toEqual([]);
});

it('a fix is told what reviews left open', async () => {
  const scene = new AskedScene();
  const { world } = scene;
  world.setRules('fix', { agent: 'claude-code' });
  scene.sandbox.behave = answers(report([finding]), '');
  const review = await scene.planned();
  await scene.ran(review);
  await settleTask(world.context, review.id);
  scene.sandbox.behave = answers(report([]), '');
  const fix = await scene.queued({ name: 'fix', kind: 'fix', cause: DeliveryId.parse('fix') });
  await scene.ran(fix);
  expect(scene.given[1]?.input.priorFindings).toMatchObject([
    { state: 'open', rule: 'off-by-one', range, message: finding.message },
  ]);
  expect(scene.given[1]?.prompt).toContain('"rule":"off-by-one"');
});

it('an agent whose earlier outcome is lost runs, and is told of none of it', async () => {
  const scene = new AskedScene();
  const { world } = scene;
  scene.sandbox.behave = answers(report([finding]), '');
  const first = await scene.planned();
  await scene.ran(first);
  await settleTask(world.context, first.id);
  await world.store.tasks.patch(first.id, {
    outcomeDigest: await world.store.artifacts.put(Buffer.from('{}')),
  });
  const second = await scene.ran(await queued(scene, 'second'));
  expect(second).toMatchObject({ state: 'publishing', reason: null });
  expect(scene.given[1]?.input.priorFindings).toBeUndefined();
  await settleTask(world.context, second.id);
  expect((await scene.now(second)).state).toBe('done');
  const key = { repositoryId: second.repository.repositoryId, number: second.pullRequest };
  const records = await world.store.findings.ofPullRequest(key, 'review');
  expect(records).toMatchObject([{ state: 'open' }]);
});
