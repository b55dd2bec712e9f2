import { describe, expect, it } from 'vitest';
import { readOutcome, readSides } from '../../../src/approval/read-outcome.ts';
import type { AgentRun } from '../../../src/dispatch/agent-run.ts';
import { runAgent } from '../../../src/dispatch/run-agent.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { Outcome } from '../../../src/domain/outcome.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import {
  sampleFinding,
  sampleReach,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';
import { manifest, write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

function run(
  scene: RunnerScene,
  change: Partial<EffectiveTask> = {},
  more: Partial<AgentRun> = {},
) {
  const { clock, store, github } = scene.world;
  const ports = { ...scene.runner, artifacts: store.artifacts, clock };
  const task = sampleTask({ instructions: 'only typos' });
  return runAgent(ports, {
    task,
    location: github.sourceOf(task.repository),
    rules: { ...sampleRules(), ...change },
    reach: sampleReach(),
    image: 'worker:1',
    ...more,
    ownerId: 'runner-1',
    signal: scene.stopping.signal,
    onEvent: () => undefined,
    onEgress: () => Promise.resolve(),
    onPrepared: async () => undefined,
  });
}

describe('what the policy keeps back', () => {
  it('is asked of the source and left out of the list of changes', async () => {
    const scene = new RunnerScene();
    scene.source.head.set('secret/b', { kind: 'file', text: 'x\n' });
    const seen: { limits?: Parameters<typeof scene.source.snapshot>[2]; input?: TaskInput } = {};
    const snapshot = scene.source.snapshot.bind(scene.source);
    scene.source.snapshot = async (...parts) => {
      seen.limits = parts[2];
      const made = await snapshot(...parts);
      return {
        ...made,
        bundle: (input) => {
          seen.input = input;
          return made.bundle(input);
        },
      };
    };
    await run(scene);
    expect(seen.limits?.isInput).toBeUndefined();
    expect(seen.input?.changedFiles.map(({ path }) => path)).toContain('secret/b');
    await run(scene, { inputs: { include: [], exclude: ['secret/**'] } });
    expect(await seen.limits?.isInput?.('src/a.js')).toBe(true);
    expect(await seen.limits?.isInput?.('secret/b')).toBe(false);
    expect(seen.input?.changedFiles.map(({ path }) => path)).toEqual(['src/a.js']);
  });

  it('leaves every file of the tree to a task that has no changes, whole', async () => {
    const scene = new RunnerScene();
    const inputs: TaskInput[] = [];
    const snapshot = scene.source.snapshot.bind(scene.source);
    scene.source.snapshot = async (...parts) => {
      const made = { ...(await snapshot(...parts)), changedFiles: [] };
      const bundle: typeof made.bundle = (input) => {
        inputs.push(input);
        return made.bundle(input);
      };
      return { ...made, bundle };
    };
    await run(scene, {}, { wholeTree: true });
    await run(scene);
    expect(inputs.map(({ changedFiles }) => changedFiles)).toMatchObject([
      [{ path: 'src/a.js', status: 'modified', addedLines: [[1, Number.MAX_SAFE_INTEGER]] }],
      [],
    ]);
    expect(inputs.every((input) => TaskInput.safeParse(input).success)).toBe(true);
  });
});

describe('runAgent', () => {
  it('gives the agent a task that fits the protocol, with less time than the container has', async () => {
    const scene = new RunnerScene();
    const inputs: unknown[] = [];
    const { source } = scene;
    const snapshot = source.snapshot.bind(source);
    source.snapshot = async (...parts) => {
      const made = await snapshot(...parts);
      const bundle: typeof made.bundle = (input) => {
        inputs.push(input);
        return made.bundle(input);
      };
      return { ...made, bundle };
    };
    await run(scene);
    const input = TaskInput.parse(inputs[0]);
    expect(input).toMatchObject({ kind: 'review', agent: 'linters', instructions: 'only typos' });
    const { wallClockMs } = scene.world.policy.policy.limits;
    expect(input.limits.agentMs).toBeLessThan(wallClockMs);
  });

  it('stores every byte that the outcome names', async () => {
    const scene = new RunnerScene();
    const changes = [write('src/a.js', 4), write('src/b.js', 3)];
    scene.sandbox.behave = answers({ changes }, 'new\nhi\n');
    scene.source.omitted.push({ path: 'big.bin', reason: 'too-large' });
    const verdict = await run(scene);
    if (verdict.status !== 'outcome') throw new Error(verdict.reason);
    const outcome = Outcome.parse(verdict.outcome);
    expect(outcome.omitted).toEqual([{ path: 'big.bin', reason: 'too-large' }]);
    const sides = await readSides(scene.world.store.artifacts, outcome.changes);
    const texts = [...sides].map(([path, { before, after }]) => [
      path,
      asText(before),
      asText(after),
    ]);
    expect(texts).toEqual([
      ['src/a.js', 'old\n', 'new\n'],
      ['src/b.js', null, 'hi\n'],
    ]);
    const diff = await scene.world.store.artifacts.get(outcome.diffDigest);
    expect(asText(diff)).toContain('diff --git a/src/a.js');
  });

  it('stores a deletion as one side', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = answers({ changes: [{ kind: 'delete', path: 'src/a.js' }] });
    const verdict = await run(scene);
    if (verdict.status !== 'outcome') throw new Error(verdict.reason);
    const sides = await readSides(scene.world.store.artifacts, verdict.outcome.changes);
    expect([...sides.values()].map(({ before, after }) => [asText(before), after])).toEqual([
      ['old\n', null],
    ]);
  });

  it('tells of findings about files that are nowhere, as an error of the agent', async () => {
    const scene = new RunnerScene();
    const there = sampleFinding({ path: 'src/a.js', range: { startLine: 1, endLine: 1 } });
    const findings = [sampleFinding({ path: 'nowhere.js' }), there];
    scene.sandbox.behave = answers({ report: { ...manifest.report, findings } });
    const verdict = await run(scene);
    if (verdict.status !== 'outcome') throw new Error(verdict.reason);
    expect(verdict.outcome.findings).toEqual([there]);
    expect(verdict.outcome.marks).toEqual([marksOf(there, ['old'])]);
    const [error] = verdict.outcome.toolErrors;
    expect(error).toMatchObject({ tool: 'linters' });
    expect(error?.message).toContain('1 findings name files');
  });
});

describe('readOutcome', () => {
  it('finds it corrupt when there is none, or one of another shape', async () => {
    const { artifacts } = new RunnerScene().world.store;
    const none = sampleTask({ outcomeDigest: null });
    await expect(readOutcome(artifacts, none)).rejects.toMatchObject({ code: 'store.corrupt' });
    const outcomeDigest = await artifacts.put(Buffer.from('{"findings":[]}'));
    const odd = sampleTask({ outcomeDigest });
    await expect(readOutcome(artifacts, odd)).rejects.toMatchObject({ code: 'store.corrupt' });
  });
});

function asText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
