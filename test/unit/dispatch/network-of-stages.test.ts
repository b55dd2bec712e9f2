import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/approval/read-outcome.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { answers, type Behaviour } from '../../support/fakes/fake-sandbox.ts';
import { ended, inTurn, ranCommands } from '../../support/fakes/stages.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest, request, write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const foreign = { ':method': 'GET', ':path': '/x', ':authority': 'a.example:80' };
const findings = [sampleFinding({ path: 'src/a.js', range: { startLine: 1, endLine: 1 } })];
const report = { ...manifest.report, findings };
const patches = answers({ changes: [write('src/a.js', 4)], report }, 'new\n');
const tests = ranCommands([ended('test')]);
const judges = answers({ report: manifest.report });

/** Asks for something outside twice, and then does its work. */
function asksTwice(behave: Behaviour): Behaviour {
  return async (session, running) => {
    for (let i = 0; i < 2; i += 1) await request(session, foreign);
    await behave(session, running);
  };
}

/** A fix that is judged and verified, and may ask so often. */
function sceneOf(requests: number): RunnerScene {
  const scene = new RunnerScene();
  const { egress } = scene.world.policy.policy.tasks['fix'] as EffectiveTask;
  const model = { route: null, name: null };
  scene.world.setRules('fix', {
    secondOpinion: { agent: 'codex', model },
    verify: { commands: [{ name: 'test', run: ['make'] }], required: true },
    egress: { ...egress, limits: { ...egress.limits, requests } },
  });
  return scene;
}

async function outcomeOf(scene: RunnerScene, ...behaviours: Behaviour[]): Promise<Outcome> {
  scene.sandbox.behave = inTurn(...behaviours);
  const task = await scene.queued();
  await scene.run(task);
  return readOutcome(scene.world.store.artifacts, await scene.now(task));
}

describe('the network of a task', () => {
  it('is one for all its sandboxes: what the agent used is not there for verify', async () => {
    const scene = sceneOf(3);
    const outcome = await outcomeOf(scene, asksTwice(patches), judges, asksTwice(tests));
    expect(outcome.verification).toMatchObject({ status: 'not-run', reason: 'limit:requests' });
    const enough = await outcomeOf(sceneOf(4), asksTwice(patches), judges, asksTwice(tests));
    expect(enough.verification).toMatchObject({ status: 'passed' });
  });

  it('is over for good: after the sandbox that used it up no other is started', async () => {
    const scene = sceneOf(3);
    const outcome = await outcomeOf(scene, asksTwice(patches), asksTwice(judges), tests);
    expect(outcome.opinions).toMatchObject({ failure: 'limit:requests' });
    expect(outcome.verification).toMatchObject({ status: 'not-run', reason: 'limit:requests' });
    expect(scene.sandbox.started).toHaveLength(2);
  });
});
