import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DockerSandbox } from '../../src/adapters/docker/docker-sandbox.ts';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { testEngine } from '../support/engine.ts';
import { freshTaskId, testSandbox } from '../support/sandbox/run-probe.ts';
import { smallLimits } from '../support/sandbox/small-limits.ts';

const ownerId = `sweep-${process.pid}`;
const otherId = `${ownerId}-other`;
const hourMs = 3_600_000;
const docker = (): Docker => new Docker({ socketPath: testEngine().socketPath });
const made: string[] = [];
let sandbox: DockerSandbox;
let nextLife: DockerSandbox;

beforeEach(async () => {
  sandbox = await testSandbox();
  nextLife = await testSandbox();
});
afterEach(async () => {
  for (const owner of [ownerId, otherId]) await (await testSandbox()).removeOwned(owner);
  for (const id of made.splice(0)) await docker().getContainer(id).remove({ force: true });
});

function spec(part: Partial<SandboxSpec> = {}): SandboxSpec {
  const { workerImage: image } = testEngine();
  const taskId = freshTaskId();
  return { taskId, ownerId, image, runtime: 'runc', limits: smallLimits, ...part };
}

async function idsOf(owner: string): Promise<string[]> {
  const filters = { label: [`io.sallyport.owner=${owner}`] };
  return (await docker().listContainers({ all: true, filters })).map(({ Id }) => Id);
}

/** As a runner on this engine made it an hour ago. The engine is shared: its clock stays as it is. */
async function anHourAgo(): Promise<DockerSandbox> {
  const clock = { nowMs: () => Date.now() - hourMs };
  const { socketPath } = testEngine();
  return new DockerSandbox({ docker: { socketPath }, seccompProfile: '{}', clock });
}

/** A container that this adapter did not make, never started. */
async function foreign(Labels: Record<string, string>): Promise<string> {
  const { id } = await docker().createContainer({ Image: testEngine().workerImage, Labels });
  made.push(id);
  return id;
}

describe('a sweep of what an owner left', () => {
  test('removes it after a restart and says what it was; what lives is spared', async () => {
    const left = spec();
    await sandbox.start(left);
    const [containerId] = await idsOf(ownerId);
    const mine = await nextLife.start(spec());
    await nextLife.start(spec({ ownerId: otherId }));
    const { taskId } = left;
    expect(await nextLife.removeOwned(ownerId)).toEqual([
      { containerId, ownerId, taskId, why: 'unwanted' },
    ]);
    expect([await idsOf(ownerId), await idsOf(otherId)].map((ids) => ids.length)).toEqual([1, 1]);
    await mine.destroy();
    expect(await idsOf(ownerId)).toEqual([]);
  });

  test('spares what is being started in the same moment', async () => {
    const over = new AbortController();
    const all = Promise.all([0, 1, 2].map(() => sandbox.start(spec())));
    const starts = all.finally(() => over.abort());
    const removed: unknown[] = [];
    while (!over.signal.aborted) removed.push(...(await sandbox.removeOwned(ownerId)));
    await starts;
    expect(removed).toEqual([]);
    expect(await idsOf(ownerId)).toHaveLength(3);
  });

  test('is not held up by a container that carries the labels of one that lives', async () => {
    await sandbox.start(spec());
    const [live = ''] = await idsOf(ownerId);
    const { Config } = await docker().getContainer(live).inspect();
    const copy = await foreign(Config.Labels);
    const removed = await sandbox.removeOwned(ownerId);
    expect(removed.map(({ containerId }) => containerId)).toEqual([copy]);
    expect(await idsOf(ownerId)).toEqual([live]);
    made.splice(0);
  });
});

describe('a sweep of what nobody came for', () => {
  test('removes what is past its time, whoever its owner is', async () => {
    const late = spec({ ownerId: otherId });
    await (await anHourAgo()).start(late);
    await sandbox.start(spec({ ownerId: otherId }));
    const removed = await sandbox.removeExpired();
    expect(removed).toContainEqual(
      expect.objectContaining({ taskId: late.taskId, why: 'expired' }),
    );
    expect(await idsOf(otherId)).toHaveLength(1);
  });

  test('spares one whose wait for its input is a part of its time', async () => {
    await (await anHourAgo()).start(spec({ ownerId: otherId, waitMs: 2 * hourMs }));
    await sandbox.removeExpired();
    expect(await idsOf(otherId)).toHaveLength(1);
  });

  test('spares its own, also past their time: whoever runs them ends them', async () => {
    const old = await anHourAgo();
    await old.start(spec());
    await old.removeExpired();
    await old.removeOwned(ownerId);
    expect(await idsOf(ownerId)).toHaveLength(1);
  });

  test('touches nothing without our labels', async () => {
    const id = await foreign({ 'io.sallyport.expires': '1', 'io.sallyport.task': freshTaskId() });
    await sandbox.removeExpired();
    await sandbox.removeOwned('');
    expect((await docker().getContainer(id).inspect()).Id).toBe(id);
  });

  test.each(['', 'soon', '-1', '1e3', '9'.repeat(400), '\u0000\n{"x":1}', '0x10'])(
    'is not stopped by labels that hold %j',
    async (value) => {
      const labels = { 'io.sallyport.task': value, 'io.sallyport.expires': value };
      await foreign({ 'io.sallyport.owner': ownerId, ...labels });
      await (await anHourAgo()).start(spec({ ownerId: otherId }));
      await sandbox.removeExpired();
      expect(await idsOf(otherId)).toEqual([]);
      const [one] = await sandbox.removeOwned(ownerId);
      expect(one).toMatchObject({ taskId: null, ownerId });
      made.splice(0);
    },
  );
});
