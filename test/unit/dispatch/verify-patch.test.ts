import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/approval/read-outcome.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { answers, type Behaviour, hangs } from '../../support/fakes/fake-sandbox.ts';
import { ended, inTurn, ranCommands } from '../../support/fakes/stages.ts';
import { manifest, post, request, write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const commands = [
  { name: 'build', run: ['make'] },
  { name: 'test', run: ['make', 'test'] },
];
const patches = answers({ changes: [write('src/a.js', 4), write('src/b.js', 3)] }, 'new\nhi\n');
const both = [ended('build'), ended('test')];

function sceneOf(required = false): RunnerScene {
  const scene = new RunnerScene();
  scene.world.setRules('fix', { verify: { commands, required } });
  return scene;
}

async function ran(scene: RunnerScene, ...behaviours: readonly Behaviour[]): Promise<Task> {
  scene.sandbox.behave = inTurn(...behaviours);
  const task = await scene.queued();
  await scene.run(task);
  return scene.now(task);
}

async function verificationOf(scene: RunnerScene, ...behaviours: readonly Behaviour[]) {
  const task = await ran(scene, ...behaviours);
  return (await readOutcome(scene.world.store.artifacts, task)).verification;
}

async function settled(scene: RunnerScene, task: Task): Promise<Task> {
  await settleTask(scene.world.context, task.id);
  return scene.now(task);
}

function summaryOf(scene: RunnerScene, { checkRunId }: Task): string {
  return scene.world.github.runs.get(checkRunId ?? 0)?.output.summary ?? '';
}

describe('a patch', () => {
  it('is tried in a fresh sandbox over the tree that it makes, without a model or words of people', async () => {
    const scene = sceneOf();
    scene.sandbox.behave = inTurn(patches, ranCommands(both));
    const task = await scene.queued({ instructions: 'only typos' });
    await scene.run(task);
    expect(scene.sandbox.started).toHaveLength(2);
    expect(scene.sandbox.started.every(({ isDestroyed }) => isDestroyed)).toBe(true);
    const [agent, verify] = scene.source.bundles;
    expect(agent?.overlay).toEqual([]);
    expect(TaskInput.parse(verify?.input)).toMatchObject({
      purpose: 'verify',
      agent: 'command',
      kind: 'review',
      instructions: null,
      commands,
    });
    const texts = verify?.overlay.map(({ path, bytes }) => [path, asText(bytes)]);
    expect(texts).toEqual([
      ['src/a.js', 'new\n'],
      ['src/b.js', 'hi\n'],
    ]);
    const outcome = await readOutcome(scene.world.store.artifacts, await scene.now(task));
    expect(outcome.verification).toEqual({ status: 'passed', reason: null, commands: both });
  });

  it('has rows of the ledger that say which sandbox they are about', async () => {
    const scene = sceneOf();
    const task = await ran(scene, patches, ranCommands(both));
    const rows = await scene.world.ledger.ofTask(task.id);
    const stages = rows.filter(({ type }) => type === 'sandbox.assigned');
    expect(stages.map(({ data }) => data['stage'])).toEqual(['agent', 'verify']);
    const peaks = rows.filter(({ type }) => type === 'task.peaks');
    expect(peaks.map(({ data }) => data['stage'])).toEqual(['agent', 'verify']);
  });

  it.each([
    ['there is none', answers({})],
    ['some of it is never let through', undefined],
  ])('is not tried where %s', async (what, behave) => {
    const scene = sceneOf();
    const refused = { kind: 'refused', path: 'link', reason: 'symlink' };
    const partly = answers({ changes: [write('src/a.js', 4), refused] }, 'new\n');
    const verification = await verificationOf(scene, behave ?? partly);
    expect(scene.sandbox.started).toHaveLength(1);
    expect(verification?.reason).toBe(what === 'there is none' ? undefined : 'gate:refused');
  });

  it.each([
    [
      'a command failed',
      ranCommands([ended('build'), ended('test', 2, 'not ok 3')]),
      'failed',
      null,
    ],
    ['a signal ended one', ranCommands([{ ...ended('build'), signal: 'SIGKILL' }]), 'failed', null],
    ['a command is missing', ranCommands([ended('build')]), 'not-run', 'result:not-all-commands'],
    ['others were run', ranCommands([ended('echo')]), 'not-run', 'result:other-commands'],
    [
      'the agent says otherwise than its end',
      ranCommands(both, { agent: { exitCode: 1, signal: null, timedOut: false } }),
      'not-run',
      'result:not-all-commands',
    ],
    [
      'time ran out',
      ranCommands(both, { agent: { exitCode: null, signal: 'SIGKILL', timedOut: true } }),
      'not-run',
      'limit:wall-clock',
    ],
    ['nothing is reported', answers({ report: null }), 'not-run', 'result:no-report'],
    ['the result is none', answers({ protocol: 1 }), 'not-run', 'result:malformed'],
  ] as const)('has not passed where %s', async (_what, behave, status, reason) => {
    expect(await verificationOf(sceneOf(), patches, behave)).toMatchObject({ status, reason });
  });

  it('is tried in a quarter of the time of the task at least, whatever its agent took', async () => {
    const scene = sceneOf();
    const { wallClockMs } = scene.world.policy.policy.limits;
    const slow: Behaviour = async (session, running) => {
      await scene.world.clock.advance(wallClockMs * 0.75 - 1);
      await patches(session, running);
    };
    const verification = await verificationOf(scene, slow, ranCommands(both));
    expect(verification?.status).toBe('passed');
    const [agent, verify] = scene.source.bundles.map(({ input }) => TaskInput.parse(input));
    expect(agent?.limits.agentMs).toBe(wallClockMs * 0.75 * 0.9);
    expect(verify?.limits.agentMs).toBe(Math.ceil((wallClockMs * 0.25 + 1) * 0.9));
  });

  it('is not tried where a task has no time that is worth a start', async () => {
    const scene = sceneOf();
    const { limits } = scene.world.policy.policy;
    scene.world.setRules('fix', { limits: { ...limits, wallClockMs: 3_000 } });
    const slow: Behaviour = async (session, running) => {
      await scene.world.clock.advance(2_249);
      await patches(session, running);
    };
    const verification = await verificationOf(scene, slow);
    expect(verification).toMatchObject({ status: 'not-run', reason: 'limit:wall-clock' });
    expect(scene.sandbox.started).toHaveLength(1);
  });
});

describe('a sandbox that tries a patch', () => {
  it('is broken off with its task', async () => {
    const scene = sceneOf();
    const stops: Behaviour = (session, running) => {
      queueMicrotask(() => scene.stopping.abort());
      return hangs(session, running);
    };
    const task = await ran(scene, patches, stops);
    expect(scene.sandbox.started[1]?.isDestroyed).toBe(true);
    expect(task).toMatchObject({ state: 'running', outcomeDigest: null });
  });

  it('ends its task when a secret comes out of it, and keeps nothing', async () => {
    const scene = sceneOf();
    Object.assign(scene.runner, { ownSecrets: ['a secret of the control plane'] });
    const leaks = ranCommands([ended('build'), ended('test', 1, 'a secret of the control plane')]);
    const task = await ran(scene, patches, leaks);
    expect(task).toMatchObject({ state: 'failed', reason: 'incident:secret-in-output' });
    const rows = await scene.world.ledger.ofTask(task.id);
    const incident = rows.find(({ type }) => type === 'incident.raised');
    expect(incident?.data).toMatchObject({ stage: 'verify', rule: 'own-secret', where: 'report' });
  });

  it('may print what looks like a secret of nobody, which is not shown', async () => {
    const key = ['ghp', 'aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cD3eF5'].join('_');
    const prints = ranCommands([ended('build'), ended('test', 1, `a fixture: ${key}`)]);
    const verification = await verificationOf(sceneOf(), patches, prints);
    expect(verification?.status).toBe('failed');
    expect(JSON.stringify(verification)).not.toContain(key);
    expect(verification?.commands[1]?.output).toContain('withheld');
  });

  it('has a canary of its own, which ends the task when it comes out', async () => {
    const scene = sceneOf();
    const canaries: string[] = [];
    const reads: Behaviour = async (session) => {
      const stream = session.request({
        ':method': 'GET',
        ':path': '/v1/input',
        ':authority': 'sallyport.internal',
      });
      const canary = await new Promise<string>((resolve) => {
        stream.on('response', (answer) => resolve(String(answer['sallyport-canary'])));
        stream.resume();
      });
      canaries.push(canary);
      const events = `${JSON.stringify({ type: 'exec-end', execs: 1, processes: 1, dropped: 0 })}\n`;
      await request(session, { ':method': 'POST', ':path': '/v1/events' }, events);
      const report = { ...manifest.report, commands: [ended('build', 1, canary)] };
      await post(session, `${JSON.stringify({ ...manifest, report })}\n`);
    };
    const task = await ran(scene, patches, reads);
    expect(canaries).toHaveLength(1);
    expect(task.reason).toBe('incident:secret-in-output');
  });
});

describe('gate 2', () => {
  it.each([
    ['passed', ranCommands(both), 'awaiting-approval'],
    ['failed', ranCommands([ended('build', 1)]), 'done'],
    ['were not run', answers({ report: null }), 'done'],
  ])(
    'lets a patch wait that has to be tried only where the commands %s',
    async (_what, behave, state) => {
      const scene = sceneOf(true);
      const task = await settled(scene, await ran(scene, patches, behave));
      expect(task.state).toBe(state);
      const summary = summaryOf(scene, task);
      expect(summary.includes('The policy asks for its commands to pass')).toBe(state === 'done');
    },
  );

  it('leaves it to people where the policy does not ask, and shows them what failed', async () => {
    const scene = sceneOf();
    const fails = ranCommands([ended('build'), ended('test', 2, 'not ok 3 - adds')]);
    const task = await settled(scene, await ran(scene, patches, fails));
    expect(task.state).toBe('awaiting-approval');
    const summary = summaryOf(scene, task);
    expect(summary).toContain('1 command of 2 failed');
    expect(summary).toContain('`test` failed with 2 after 1.5 s: `not ok 3 - adds`');
  });
});

function asText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
