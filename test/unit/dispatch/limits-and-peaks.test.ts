import { describe, expect, it } from 'vitest';
import { noPeaks } from '../../../src/domain/peaks.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { routes } from '../../../src/protocol/wire.ts';
import type { Behaviour, FakeRunning } from '../../support/fakes/fake-sandbox.ts';
import { post, request, resultOf } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const end = { type: 'exec-end', execs: 1, processes: 1, dropped: 0 };
const { resultBytes: _r, wireBytes: _w, ...none } = noPeaks;
const usage = (part: object = {}) => ({
  type: 'usage',
  peaks: { ...none, pids: 3, outputBytes: 7 },
  pidsRefused: 0,
  oomKills: 0,
  diskFull: false,
  ...part,
});
const failed = { agent: { exitCode: 1, signal: null, timedOut: false } };

const does =
  (events: readonly object[], part: object, oomKilled = false): Behaviour =>
  async (session, running: FakeRunning) => {
    running.exit = { exitCode: 0, oomKilled };
    await request(session, { ':method': 'GET', ':path': routes.input });
    const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await request(session, { ':method': 'POST', ':path': routes.events }, body);
    await post(session, resultOf(part));
  };

async function reasonOf(behave: Behaviour): Promise<string | null> {
  const scene = new RunnerScene();
  scene.sandbox.behave = behave;
  const task = await scene.queued();
  await scene.run(task);
  return (await scene.now(task)).reason;
}

describe('a ceiling', () => {
  it.each<[string, Behaviour, string | null]>([
    ['memory, by the engine', does([usage(), end], failed, true), 'limit:memory'],
    ['memory, by the sandbox', does([usage({ oomKills: 1 }), end], failed), 'limit:memory'],
    ['processes', does([usage({ pidsRefused: 2 }), end], failed), 'limit:pids'],
    ['disk', does([usage({ diskFull: true }), end], failed), 'limit:disk'],
    [
      'disk, when there is no report',
      does([usage({ diskFull: true }), end], { report: null, reportError: 'x' }),
      'limit:disk',
    ],
    [
      'what the supervisor ended it at',
      does([{ type: 'limit', limit: 'limit:output' }, end], {}),
      'limit:output',
    ],
    [
      'none, when the agent did its work',
      does([usage({ diskFull: true, pidsRefused: 2, oomKills: 1 }), end], {}, true),
      null,
    ],
    [
      'none, when it was asked to end at a ceiling of models, whatever else it met',
      does(
        [
          { type: 'limit', limit: 'budget:perRepository.tokens' },
          usage({ diskFull: true, pidsRefused: 2, oomKills: 1 }),
          end,
        ],
        failed,
        true,
      ),
      null,
    ],
    ['none, when it failed for another reason', does([usage(), end], failed), null],
  ])('is the reason: %s', async (_, behave, reason) => {
    expect(await reasonOf(behave)).toBe(reason);
  });
});

describe('what a run used', () => {
  it('is in the outcome and in the ledger, the larger of what the engine and the sandbox say', async () => {
    const scene = new RunnerScene();
    const start = scene.sandbox.start.bind(scene.sandbox);
    scene.sandbox.start = async (spec) =>
      Object.assign(await start(spec), { usage: () => ({ memoryBytes: 10, pids: 99, cpuMs: 5 }) });
    const smaller = usage({
      peaks: { ...none, memoryBytes: 8, cpuMs: 9, pids: 1, outputBytes: 7 },
    });
    scene.sandbox.behave = does([usage(), smaller, end], {});
    const task = await scene.queued();
    await scene.run(task);
    const rows = await scene.world.ledger.ofTask(task.id);
    const [peaks, ...more] = rows.filter(({ type }) => type === 'task.peaks');
    expect(more).toEqual([]);
    const expected = { memoryBytes: 10, cpuMs: 9, pids: 3, outputBytes: 7, workspaceBytes: null };
    expect(peaks?.data).toMatchObject({ attempt: 1, ...expected });
    const digest = (await scene.now(task)).outcomeDigest ?? undefined;
    if (digest === undefined) throw new Error('no outcome');
    const outcome: unknown = JSON.parse(
      Buffer.from(await scene.world.store.artifacts.get(digest)).toString(),
    );
    const { attempt: _, stage: _stage, ...used } = peaks?.data ?? {};
    expect(outcome).toMatchObject({ peaks: used });
  });

  it('is told of a run that was broken off', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = async (session, running) => {
      const body = `${JSON.stringify(usage())}\n`;
      await request(session, { ':method': 'POST', ':path': routes.events }, body);
      running.die();
    };
    const task = await scene.queued();
    await scene.run(task);
    const rows = await scene.world.ledger.ofTask(task.id);
    const told = rows.find(({ type }) => type === 'task.peaks')?.data;
    expect(told).toMatchObject({ pids: 3, resultBytes: null });
    expect(told?.['wireBytes']).toBeGreaterThan(100);
  });

  it.each<[string, Behaviour, boolean]>([
    ['of the agent, by the engine', does([usage(), end], failed, true), true],
    ['of the agent, by the sandbox', does([usage({ oomKills: 1 }), end], failed), true],
    [
      'of the whole sandbox',
      async (_session, running) => {
        running.exit = { exitCode: 137, oomKilled: true };
        running.die();
      },
      true,
    ],
    ['of nobody', does([usage(), end], failed), false],
  ])('is all of the memory when it ran out between two counts: %s', async (_, behave, isAll) => {
    const scene = new RunnerScene();
    scene.sandbox.behave = behave;
    const task = await scene.queued();
    await scene.run(task);
    const rows = await scene.world.ledger.ofTask(task.id);
    const told = rows.find(({ type }) => type === 'task.peaks')?.data;
    const { memoryBytes } = rulesOf(scene.world.policy.policy, task.name).limits;
    expect(told?.['memoryBytes']).toBe(isAll ? memoryBytes : null);
  });
});
