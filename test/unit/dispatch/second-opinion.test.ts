import { describe, expect, it } from 'vitest';
import { readOutcome, readSides } from '../../../src/approval/read-outcome.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { answers, type Behaviour, hangs } from '../../support/fakes/fake-sandbox.ts';
import { inTurn } from '../../support/fakes/stages.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest, write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const range = { startLine: 1, endLine: 1 };
const tools = [{ name: 'ruff', version: '1' }];

function found(rule: string, fields: object = {}) {
  return sampleFinding({ path: 'src/a.js', range, rule, ...fields });
}

/** An agent that found these. */
function finds(...findings: readonly object[]): Behaviour {
  return answers({ report: { ...manifest.report, tools, findings } });
}

/** A second agent that says this of them, by their place. */
function says(opinions: Readonly<Record<string, string>>, part: object = {}): Behaviour {
  const said = Object.entries(opinions).map(([id, verdict]) => ({
    id,
    verdict,
    reason: `${id} so`,
  }));
  return answers({ report: { ...manifest.report, opinions: said }, ...part });
}

function sceneOf(review: Partial<EffectiveTask['review']> = {}): RunnerScene {
  const scene = new RunnerScene();
  const model = { route: null, name: null };
  const rules = scene.world.policy.policy.tasks['review'] as EffectiveTask;
  scene.world.setRules('review', {
    secondOpinion: { agent: 'codex', model },
    review: { ...rules.review, ...review },
  });
  return scene;
}

async function ran(
  scene: RunnerScene,
  behaviours: readonly Behaviour[],
  cause = 'run',
): Promise<Task> {
  scene.sandbox.behave = inTurn(...behaviours);
  const task = await scene.queued({ name: 'review', kind: 'review', cause: cause as never });
  await scene.run(task);
  return scene.now(task);
}

async function outcomeOf(scene: RunnerScene, ...behaviours: readonly Behaviour[]) {
  return readOutcome(scene.world.store.artifacts, await ran(scene, behaviours));
}

describe('a second agent', () => {
  it('is asked of each finding in a sandbox of its own, over the pristine tree', async () => {
    const scene = sceneOf();
    await ran(scene, [finds(found('A', { severity: 'info' }), found('B')), says({})]);
    const [, judge] = scene.source.bundles;
    const input = TaskInput.parse(judge?.input);
    expect(input).toMatchObject({ purpose: 'judge', agent: 'codex', kind: 'review' });
    expect(input.priorFindings?.map(({ id, rule, state }) => [id, rule, state])).toEqual([
      ['f1', 'B', 'asked'],
      ['f0', 'A', 'asked'],
    ]);
    expect(judge?.overlay).toEqual([]);
    expect(scene.sandbox.started.every(({ isDestroyed }) => isDestroyed)).toBe(true);
  });

  it('has findings dropped and made notes as the policy says, and both words in the ledger', async () => {
    const scene = sceneOf();
    const all = [found('A'), found('B'), found('C')];
    const verdicts = { f0: 'confirmed', f1: 'refuted', f2: 'unsure' };
    const task = await ran(scene, [finds(...all), says(verdicts)]);
    const outcome = await readOutcome(scene.world.store.artifacts, task);
    expect(outcome.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['A', 'error'],
      ['C', 'info'],
    ]);
    expect(outcome.marks).toHaveLength(2);
    expect(outcome.opinions?.items.map(({ finding, action }) => [finding.rule, action])).toEqual([
      ['A', 'kept'],
      ['B', 'dropped'],
      ['C', 'downgraded'],
    ]);
    const rows = await scene.world.ledger.ofTask(task.id);
    const [row, ...more] = rows.filter(({ type }) => type === 'findings.judged');
    expect(more).toEqual([]);
    expect(row?.data).toMatchObject({
      stage: 'judge',
      agent: 'codex',
      judged: [
        { rule: 'A', verdict: 'confirmed', action: 'kept' },
        { rule: 'B', verdict: 'refuted', action: 'dropped', reason: 'f1 so' },
        { rule: 'C', verdict: 'unsure', action: 'downgraded' },
      ],
    });
  });

  it('takes the fix of a finding away with it, and leaves those of others', async () => {
    const scene = sceneOf();
    scene.source.head.set('src/a.js', { kind: 'file', text: 'one\ntwo\n' });
    const edits = (line: number, newText: string) => ({
      edits: [{ startLine: line, startColumn: 1, endLine: line, endColumn: 4, newText }],
    });
    const all = [
      { ...found('A'), fix: edits(1, 'ONE') },
      { ...found('B', { range: { startLine: 2, endLine: 2 } }), fix: edits(2, 'TWO') },
    ];
    const { changes } = await outcomeOf(
      scene,
      finds(...all),
      says({ f0: 'refuted', f1: 'confirmed' }),
    );
    const sides = await readSides(scene.world.store.artifacts, changes);
    const [[, side] = []] = [...sides];
    expect(Buffer.from(side?.after ?? []).toString()).toBe('one\nTWO\n');
  });

  it('takes the edits of a dropped finding out of what a review changed itself', async () => {
    const scene = sceneOf();
    scene.source.head.set('src/a.js', { kind: 'file', text: 'one\ntwo\nthree\n' });
    const after = 'ONE\ntwo\nTHREE\n';
    const edits = { changes: [write('src/a.js', after.length)] };
    const third = { range: { startLine: 3, endLine: 3 } };
    const report = { ...manifest.report, tools, findings: [found('A'), found('B', third)] };
    const { changes } = await outcomeOf(
      scene,
      answers({ ...edits, report }, after),
      says({ f0: 'refuted', f1: 'confirmed' }),
    );
    const sides = await readSides(scene.world.store.artifacts, changes);
    const [[, side] = []] = [...sides];
    expect(Buffer.from(side?.after ?? []).toString()).toBe('one\ntwo\nTHREE\n');
  });

  it('leaves the patch of a fix whole, for the people who decide on it', async () => {
    const scene = sceneOf();
    const { secondOpinion } = scene.world.policy.policy.tasks['review'] as EffectiveTask;
    scene.world.setRules('fix', { secondOpinion });
    const report = { ...manifest.report, tools, findings: [found('A')] };
    const edits = { changes: [write('src/a.js', 4)], report };
    scene.sandbox.behave = inTurn(answers(edits, 'new\n'), says({ f0: 'refuted' }));
    const task = await scene.queued();
    await scene.run(task);
    const outcome = await readOutcome(scene.world.store.artifacts, await scene.now(task));
    expect(outcome.findings).toEqual([]);
    expect(outcome.changes).toMatchObject([{ path: 'src/a.js' }]);
  });

  it.each([
    ['says nothing that can be read', answers({ report: null }), 'result:no-report'],
    ['gives no result', answers({ protocol: 1 }), 'result:malformed'],
  ])('changes nothing where it %s', async (_what, judge, failure) => {
    const outcome = await outcomeOf(sceneOf(), finds(found('A')), judge);
    expect(outcome.findings).toHaveLength(1);
    expect(outcome.opinions).toEqual({ agent: 'codex', failure, items: [] });
  });

  it('is heard of what it said before it was stopped, and of nothing else', async () => {
    const stopped = { agent: { exitCode: null, signal: 'SIGKILL', timedOut: true } };
    const { findings } = await outcomeOf(
      sceneOf({ unsure: 'drop' }),
      finds(found('A'), found('B')),
      says({ f0: 'refuted' }, stopped),
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['B']);
  });

  it('that says nothing of any finding changes none', async () => {
    const outcome = await outcomeOf(sceneOf({ unsure: 'drop' }), finds(found('A')), says({}));
    expect(outcome.findings).toMatchObject([{ rule: 'A', severity: 'error' }]);
    expect(outcome.opinions?.items).toMatchObject([{ verdict: 'unheard', action: 'kept' }]);
  });

  it('cannot speak of findings that are not there, and cannot take back that one holds', async () => {
    const twice = answers({
      report: {
        ...manifest.report,
        opinions: [
          { id: 'f0', verdict: 'confirmed', reason: 'It is so.' },
          { id: 'f0', verdict: 'refuted', reason: '' },
          { id: 'zz', verdict: 'refuted', reason: '' },
        ],
      },
    });
    const { findings, opinions } = await outcomeOf(sceneOf(), finds(found('A')), twice);
    expect(findings).toHaveLength(1);
    expect(opinions?.items).toMatchObject([{ verdict: 'confirmed', reason: 'It is so.' }]);
  });

  it('is asked of nothing where nothing was found, and where the policy names none', async () => {
    expect((await outcomeOf(sceneOf(), finds())).opinions).toBeUndefined();
    const scene = new RunnerScene();
    expect((await outcomeOf(scene, finds(found('A')))).opinions).toBeUndefined();
    expect(scene.sandbox.started).toHaveLength(1);
  });

  it('ends with its task, and ends its task with a secret', async () => {
    const scene = sceneOf();
    const stops: Behaviour = (session, running) => {
      queueMicrotask(() => scene.stopping.abort());
      return hangs(session, running);
    };
    expect(await ran(scene, [finds(found('A')), stops])).toMatchObject({ state: 'running' });
    const leaks = sceneOf();
    Object.assign(leaks.runner, { ownSecrets: ['f0 so'.padEnd(12, '!')] });
    const leaky = answers({
      report: {
        ...manifest.report,
        opinions: [{ id: 'f0', verdict: 'refuted', reason: 'f0 so!!!!!!!' }],
      },
    });
    const task = await ran(leaks, [finds(found('A')), leaky]);
    expect(task.reason).toBe('incident:secret-in-output');
  });
});

describe('a finding that was dropped', () => {
  it('is not taken for fixed, and is told of on the check', async () => {
    const scene = sceneOf();
    const first = await ran(scene, [finds(found('A')), says({ f0: 'confirmed' })]);
    await settleTask(scene.world.context, first.id);
    const key = { repositoryId: first.repository.repositoryId, number: first.pullRequest };
    const known = async () => scene.world.store.findings.ofPullRequest(key, 'review');
    expect((await known()).map(({ state }) => state)).toEqual(['open']);
    const second = await ran(scene, [finds(found('A')), says({ f0: 'refuted' })], 'second');
    await settleTask(scene.world.context, second.id);
    expect((await known()).map(({ state }) => state)).toEqual(['open']);
    const check = scene.world.github.runs.get(second.checkRunId ?? 0);
    expect(check?.output.summary).toContain('confirmed 0 of 1 finding, 1 dropped');
    expect(check?.output.summary).toContain('`ruff: A` in `src/a.js:1` refuted, dropped: f0 so');
    expect(check?.output.summary).not.toContain('1 fixed');
  });
});
