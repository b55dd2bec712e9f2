import { beforeEach, describe, expect, it } from 'vitest';
import { imageFor } from '../../../src/dispatch/image-for.ts';
import { runTask } from '../../../src/dispatch/run-task.ts';
import type { EngineImage } from '../../../src/ports/engine.ts';
import { RunnerScene } from './runner-scene.ts';

const images = new Map<string, EngineImage>();
const runner = {
  imageOf: (agent: string) => `worker:${agent}`,
  engine: { image: async (ref: string) => images.get(ref) },
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: unknown) => (error as { code: string }).code,
  );
const has = (ref: string, agents?: string): unknown =>
  images.set(ref, {
    id: 'sha256:1',
    labels: agents === undefined ? {} : { 'io.sallyport.agents': agents },
  });

beforeEach(() => images.clear());

describe('the image for an agent of a task', () => {
  it('is the one that the policy names, else the runner’s own', async () => {
    has('worker:codex', 'codex,linters');
    has('sha256:2', 'codex');
    expect(await imageFor(runner, { agent: 'codex', image: null })).toBe('worker:codex');
    expect(await imageFor(runner, { agent: 'codex', image: 'sha256:2' })).toBe('sha256:2');
  });

  it('has to be there and to have the agent', async () => {
    const wanted = { agent: 'codex', image: null };
    expect(await codeOf(imageFor(runner, wanted))).toBe('engine.missing-image');
    for (const agents of [undefined, '', 'linters', 'codexes,pi']) {
      has('worker:codex', agents);
      expect(await codeOf(imageFor(runner, wanted))).toBe('engine.missing-agent');
    }
  });
});

it('a task whose agent no image has ends by that name, and nothing is started', async () => {
  has('worker:linters', 'pi');
  const scene = new RunnerScene();
  const task = await scene.queued();
  const parts = { context: scene.world.context, runner: { ...scene.runner, ...runner } };
  await runTask(parts, { taskId: task.id, attempt: task.attempt }, scene.stopping.signal);
  const { state, reason } = await scene.now(task);
  expect({ state, reason }).toEqual({ state: 'failed', reason: 'engine.missing-agent' });
  expect(scene.sandbox.started).toEqual([]);
});
