import { describe, expect, it } from 'vitest';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { request } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const foreign = { ':method': 'GET', ':path': '/x?secret', ':authority': 'a.example:80' };

describe('a task whose sandbox asks for something outside', () => {
  it('has each refusal in the ledger, under its attempt and before its end', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = async (session, running) => {
      expect(await request(session, foreign)).toBe(403);
      await answers()(session, running);
    };
    const task = await scene.queued();
    await scene.run(task);
    const types = scene.types(task);
    expect(types.indexOf('egress.denied')).toBeGreaterThan(types.indexOf('task.running'));
    expect(types.indexOf('egress.denied')).toBeLessThan(types.indexOf('task.collecting'));
    const row = scene.world.ledger.entries.find(({ type }) => type === 'egress.denied');
    const said = { host: 'a.example', port: 80, path: '/x', reason: 'no-rule', ruleId: null };
    const by = { attempt: task.attempt, stage: 'agent', exchange: 1 };
    expect(row?.data).toEqual({ ...by, method: 'GET', ...said });
  });

  it('is failed by the name of the ceiling that it reaches', async () => {
    const scene = new RunnerScene();
    const { requests } = scene.world.policy.policy.egress.limits;
    scene.sandbox.behave = async (session) => {
      for (let i = 0; i <= requests; i += 1) await request(session, foreign);
    };
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: 'limit:requests' });
  });
});
