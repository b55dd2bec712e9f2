import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/approval/read-outcome.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import { answers, type Behaviour, hangs } from '../../support/fakes/fake-sandbox.ts';
import { ended, inTurn, ranCommands } from '../../support/fakes/stages.ts';
import { write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const commands = [
  { name: 'build', run: ['make'] },
  { name: 'test', run: ['make', 'test'] },
];
const writesTests = answers({ changes: [write('test/a.test.js', 3)] }, 'hi\n');
const passes = ranCommands([ended('build'), ended('test')]);
const fails = ranCommands([ended('build'), ended('test', 1)]);
const killed = ranCommands([
  ended('build'),
  { ...ended('test'), exitCode: null, signal: 'SIGKILL' },
]);
const cannotBuild = ranCommands([ended('build', 2), ended('test', 1)]);

/** A pull request that changed `src/a.js`, added `src/b.js` and renamed `src/c.js`, with a test of its own. */
function sceneOf(verified: typeof commands = commands): RunnerScene {
  const scene = new RunnerScene();
  const verify = { commands: verified, required: false };
  scene.world.setRules('fix', { purpose: 'tests', verify });
  const { head, mergeBase } = scene.source;
  for (const path of ['src/b.js', 'src/d.js', 'test/own.test.js']) head.set(path, text('is\n'));
  mergeBase.set('src/a.js', 'was a\n');
  mergeBase.set('src/c.js', 'was c\n');
  scene.source.changes.set('src/b.js', { status: 'added' });
  scene.source.changes.set('src/d.js', { status: 'renamed', previousPath: 'src/c.js' });
  scene.source.changes.set('test/own.test.js', { status: 'added' });
  return scene;
}

function text(content: string) {
  return { kind: 'file', text: content } as const;
}

async function ran(scene: RunnerScene, ...behaviours: readonly Behaviour[]): Promise<Task> {
  scene.sandbox.behave = inTurn(...behaviours);
  const task = await scene.queued();
  await scene.run(task);
  return scene.now(task);
}

async function proofOf(scene: RunnerScene, ...behaviours: readonly Behaviour[]) {
  const task = await ran(scene, ...behaviours);
  return (await readOutcome(scene.world.store.artifacts, task)).proof;
}

describe('new tests', () => {
  it('are proven where they fail without the change, and nothing fails without both', async () => {
    const scene = sceneOf();
    expect(await proofOf(scene, writesTests, passes, fails, passes)).toEqual({
      status: 'proven',
      reason: null,
    });
    const trees = scene.source.bundles.map(({ overlay }) =>
      Object.fromEntries(overlay.map(({ path, bytes }) => [path, asText(bytes)])),
    );
    const without = {
      'src/a.js': 'was a\n',
      'src/b.js': null,
      'src/c.js': 'was c\n',
      'src/d.js': null,
    };
    const tests = { 'test/a.test.js': 'hi\n' };
    expect(trees).toEqual([{}, tests, { ...without, ...tests }, without]);
  });

  it('are run in sandboxes that the ledger tells apart', async () => {
    const scene = sceneOf();
    const task = await ran(scene, writesTests, passes, fails, passes);
    const rows = await scene.world.ledger.ofTask(task.id);
    const stages = rows.filter(({ type }) => type === 'sandbox.assigned');
    expect(stages.map(({ data }) => data['stage'])).toEqual(['agent', 'verify', 'proof', 'proof']);
  });

  it.each([
    ['pass without the change', [passes, passes], 'they pass without the change'],
    ['fail with it', [fails], 'they do not pass with the change'],
    ['cannot be run', [answers({ report: null })], 'they could not be run (result:no-report)'],
  ] as const)('are not offered where they %s', async (_what, trials, reason) => {
    const scene = sceneOf();
    const task = await ran(scene, writesTests, ...trials);
    const { proof } = await readOutcome(scene.world.store.artifacts, task);
    expect(proof).toMatchObject({ status: 'not-proven' });
    expect(proof?.reason).toContain(reason);
    await settleTask(scene.world.context, task.id);
    expect((await scene.now(task)).state).toBe('done');
  });

  it('are not offered without commands to run them, nor with changes to other files', async () => {
    const noCommands = await proofOf(sceneOf([]), writesTests);
    expect(noCommands?.reason).toBe('the policy names no commands to run them with');
    const more = answers({ changes: [write('test/a.js', 1), write('src/a.js', 1)] }, 'xy');
    const others = await proofOf(sceneOf(), more, passes);
    expect(others).toMatchObject({ status: 'not-proven' });
    expect(others?.reason).toContain('files that are no tests');
  });

  it.each([
    [
      'everything fails without the change',
      [cannotBuild, cannotBuild],
      'with and without the tests',
    ],
    ['they are killed without the change', [killed, passes], 'did not end by itself'],
    ['they cannot be run without the change', [answers({ report: null })], 'result:no-report'],
    ['the rest cannot be run without it', [fails, answers({ report: null })], 'result:no-report'],
  ] as const)('are offered with a word of it where %s', async (_what, trials, reason) => {
    const scene = sceneOf();
    const task = await ran(scene, writesTests, passes, ...trials);
    const { proof } = await readOutcome(scene.world.store.artifacts, task);
    expect(proof?.status).toBe('cannot-tell');
    expect(proof?.reason).toContain(reason);
    await settleTask(scene.world.context, task.id);
    expect((await scene.now(task)).state).toBe('awaiting-approval');
  });

  it('are proven by the command that fails, and not by another of its name that passes', async () => {
    const scene = sceneOf([
      { name: 'test', run: ['make', 'a'] },
      { name: 'test', run: ['make', 'b'] },
    ]);
    const all = ranCommands([ended('test'), ended('test')]);
    const first = ranCommands([ended('test', 1), ended('test')]);
    const proof = await proofOf(scene, writesTests, all, first, first);
    expect(proof?.status).toBe('cannot-tell');
  });

  it('prove nothing of a change that has nothing but tests, or that cannot be taken back', async () => {
    const tests = sceneOf();
    for (const path of ['src/a.js', 'src/b.js', 'src/d.js']) tests.source.head.delete(path);
    expect(await proofOf(tests, writesTests, passes)).toEqual({
      status: 'cannot-tell',
      reason: 'nothing was changed but tests',
    });
    const link = sceneOf();
    link.source.mergeBase.delete('src/a.js');
    expect((await proofOf(link, writesTests, passes))?.reason).toBe(
      'the change cannot be taken back',
    );
  });

  it('are nobody else’s business', async () => {
    const scene = sceneOf();
    scene.world.setRules('fix', { purpose: 'fix' });
    expect(await proofOf(scene, writesTests, passes)).toBeUndefined();
    expect(await proofOf(sceneOf(), answers({}))).toBeUndefined();
  });

  it('end with their task', async () => {
    const scene = sceneOf();
    const stops: Behaviour = (session, running) => {
      queueMicrotask(() => scene.stopping.abort());
      return hangs(session, running);
    };
    const task = await ran(scene, writesTests, passes, stops);
    expect(task).toMatchObject({ state: 'running', outcomeDigest: null });
  });
});

function asText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
