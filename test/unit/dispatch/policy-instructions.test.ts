import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { readInstructions } from '../../../src/dispatch/policy-instructions.ts';
import { runTask } from '../../../src/dispatch/run-task.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import { number, repository } from '../../support/fakes/world.ts';
import { RunnerScene } from './runner-scene.ts';

const path = 'docs/review.md';
const place = `${repository.repositoryId}:main:${path}`;

let scene: RunnerScene;
let inputs: TaskInput[];

beforeEach(() => {
  scene = new RunnerScene();
  inputs = [];
  scene.world.setRules('review', { instructions: path });
  const snapshot = scene.source.snapshot.bind(scene.source);
  scene.source.snapshot = async (...parts) => {
    const made = await snapshot(...parts);
    const bundle: typeof made.bundle = (input) => {
      inputs.push(input);
      return made.bundle(input);
    };
    return { ...made, bundle };
  };
});

async function planned(): Promise<Task> {
  const { world } = scene;
  await handleTrigger(world.context, world.pullRequest('opened'));
  const { repositoryId } = repository;
  const [task] = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  if (task === undefined) throw new Error('nothing was planned');
  return task;
}

async function run(task: Task): Promise<Task> {
  const { context } = scene.world;
  const job = { taskId: task.id, attempt: 1 };
  await runTask({ context, runner: scene.runner }, job, new AbortController().signal);
  return scene.now(task);
}

describe('the instructions that a policy names', () => {
  it('are read from the base branch when the task is planned, and given to the agent as data', async () => {
    const { github, ledger } = scene.world;
    github.texts.set(place, 'Look at *names*.\n');
    const task = await planned();
    const event = ledger.entries.find(({ type }) => type === 'task.planned');
    expect(event?.data['instructionsDigest']).toBe(digestOf('Look at *names*.\n'));
    github.texts.set(place, 'Changed since.\n');
    expect((await run(task)).state).toBe('publishing');
    const policyInstructions = { path, text: 'Look at *names*.\n' };
    expect(inputs).toEqual([expect.objectContaining({ policyInstructions, instructions: null })]);
  });

  it.each([
    ['is missing', undefined],
    ['is larger than 16 KiB', 'x'.repeat(16 * 1024 + 1)],
  ])('end the run where the file %s, and the policy is at fault', async (_what, text) => {
    if (text !== undefined) scene.world.github.texts.set(place, text);
    const ended = await run(await planned());
    expect(ended).toMatchObject({ state: 'failed', reason: 'policy.no-instructions' });
    expect(inputs).toEqual([]);
  });

  it('end the run where the file is no UTF-8', async () => {
    const { world } = scene;
    Object.assign(world.github, {
      files: { onBranch: async () => ({ blobSha: 'b', content: Buffer.from([0xff, 0xfe]) }) },
    });
    expect((await run(await planned())).reason).toBe('policy.no-instructions');
  });

  it('may have the last byte that is allowed', async () => {
    scene.world.github.texts.set(place, 'x'.repeat(16 * 1024));
    expect((await run(await planned())).state).toBe('publishing');
  });

  it('are those of the policy under which gate 1 let the run start', async () => {
    const { world } = scene;
    world.setPull({ isFork: true });
    const task = await planned();
    world.github.texts.set(place.replace(path, 'docs/strict.md'), 'Be strict.');
    world.setRules('review', { instructions: 'docs/strict.md' }, digestOf('other'));
    const by = world.person('maintainer');
    const cause = world.nextDelivery();
    const saidAtMs = world.clock.nowMs();
    const decision = { task, decision: 'approve', by, via: 'button', cause, saidAtMs } as const;
    expect(await decide(approvalContext(world.context), decision)).toMatchObject({ allowed: true });
    await run(await scene.now(task));
    const policyInstructions = { path: 'docs/strict.md', text: 'Be strict.' };
    expect(inputs).toEqual([expect.objectContaining({ policyInstructions })]);
  });
});

describe('of a run that nobody planned, the instructions', () => {
  const read = (content: Uint8Array | undefined) => (file: string) =>
    Promise.resolve(file === path ? content : undefined);

  it('are the text that the base has', async () => {
    const found = await readInstructions({ instructions: path }, read(Buffer.from('Use tabs.\n')));
    expect(found).toEqual({ path, text: 'Use tabs.\n' });
    expect(await readInstructions({ instructions: null }, read(undefined))).toBeNull();
  });

  it.each([
    ['missing', undefined],
    ['too large', Buffer.alloc(16 * 1024 + 1, 'a')],
    ['no UTF-8', Buffer.from([0xff])],
  ])('end the run where the file is %s', async (_what, content) => {
    await expect(readInstructions({ instructions: path }, read(content))).rejects.toMatchObject({
      code: 'policy.no-instructions',
    });
  });
});
