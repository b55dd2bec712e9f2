import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { inTurn } from '../../support/fakes/stages.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

function routeOf(id: string): ModelRoute {
  return ModelRoute.parse({
    id,
    kind: 'openai-responses',
    authority: `${id}.model.sallyport.internal`,
    upstream: 'https://models.example',
    paths: ['/v1/responses'],
    models: ['small', 'large'],
    limits: { tokens: 1, costMicroUsd: 1 },
  });
}

const noModel = { route: null, name: null };

/** A review whose findings codex is asked of; both may use two routes. */
function sceneOf(rules: Partial<EffectiveTask> = {}): RunnerScene {
  const scene = new RunnerScene();
  const { world } = scene;
  const { policy } = world.policy;
  const egress = { ...policy.egress, modelRoutes: [routeOf('one'), routeOf('two')] };
  world.policy = { ...world.policy, policy: { ...policy, egress } };
  const use = { ...policy.egress, use: ['one', 'two'] };
  const secondOpinion = { agent: 'codex', model: noModel };
  world.setRules('review', { secondOpinion, egress: use, ...rules });
  return scene;
}

async function ran(scene: RunnerScene) {
  const findings = ['A', 'B'].map((rule) => sampleFinding({ path: 'src/a.js', rule }));
  const first = answers({ report: { ...manifest.report, findings } });
  const opinions = [{ id: 'f0', verdict: 'confirmed', reason: '' }];
  scene.sandbox.behave = inTurn(first, answers({ report: { ...manifest.report, opinions } }));
  const instructions = 'be quick';
  const task = await scene.queued({ name: 'review', kind: 'review', instructions });
  await scene.run(task);
  return {
    task: await scene.now(task),
    first: scene.source.bundles[0],
    judge: scene.source.bundles[1],
  };
}

describe('a second agent', () => {
  it('is asked by the reviewed text, of the findings as data, and by nobody else', async () => {
    const scene = sceneOf();
    const { judge } = await ran(scene);
    expect(judge?.prompt).toMatch(/^# Task: judge\n\n# Data of this task\n/);
    expect(judge?.prompt).toMatch(/<<<FINDINGS \w+\n\{"id":"f0","state":"asked".*\n\{"id":"f1"/);
    expect(judge?.prompt).toContain('{"path":"src/a.js","status":"modified"}');
    expect(judge?.prompt).not.toContain('be quick');
    expect(judge?.input).toMatchObject({ hasBase: true, instructions: null });
  });

  it('has its prompt in the record, by a digest in the ledger', async () => {
    const scene = sceneOf();
    const { judge } = await ran(scene);
    const row = scene.world.ledger.entries.find(({ type }) => type === 'findings.judged');
    const digest = digestOf(judge?.prompt ?? '');
    expect(row?.data).toMatchObject({ promptDigest: digest });
    const kept = await scene.world.store.artifacts.get(digest);
    expect(Buffer.from(kept).toString()).toBe(judge?.prompt);
  });

  it.each([
    ['the first that there is', noModel, { label: 'one', name: 'small' }],
    [
      'the one that the policy names',
      { route: 'two', name: 'large' },
      { label: 'two', name: 'large' },
    ],
  ])('has a model of its own: %s', async (_what, model, told) => {
    const scene = sceneOf({
      agent: 'claude-code',
      model: { route: 'one', name: 'large' },
      secondOpinion: { agent: 'codex', model },
    });
    const { first, judge } = await ran(scene);
    expect(first?.input.model).toMatchObject({ label: 'one', name: 'large' });
    expect(judge?.input.model).toEqual({ api: 'openai-responses', ...told });
  });

  it('that may not use its model keeps the task from starting', async () => {
    const model = { route: 'three', name: null };
    const scene = sceneOf({ secondOpinion: { agent: 'codex', model } });
    const { task } = await ran(scene);
    expect(task).toMatchObject({ state: 'failed', reason: 'policy.invalid' });
    expect(scene.sandbox.started).toEqual([]);
  });

  it('runs in its own image, whatever the policy says of that of the first', async () => {
    const image = `sha256:${'7'.repeat(64)}`;
    const scene = sceneOf({ image });
    const asked: string[] = [];
    Object.assign(scene.runner, {
      imageOf: (agent: string) => `worker:${agent}`,
      engine: {
        image: async (ref: string) => {
          asked.push(ref);
          return {
            id: ref,
            labels: { 'io.sallyport.agents': ref === image ? 'linters' : 'codex' },
          };
        },
      },
    });
    await ran(scene);
    expect(scene.sandbox.started.map(({ spec }) => spec.image)).toEqual([image, 'worker:codex']);
    expect(asked).toEqual([image, 'worker:codex']);
  });

  it('is not steered by the pull request, also where nothing steers the first', async () => {
    const scene = sceneOf({ agent: 'linters' });
    scene.source.replaced.push({ path: RepoPath.parse('CLAUDE.md'), what: 'absent' });
    const { first, judge } = await ran(scene);
    expect(first?.input).not.toHaveProperty('replaced');
    expect(judge?.input).toMatchObject({ replaced: ['CLAUDE.md'] });
    expect(judge?.prompt).toMatch(/<<<REPLACED \w+\n"CLAUDE.md"\n/);
  });
});
