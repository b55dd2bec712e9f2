import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/approval/read-outcome.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { EffectivePolicy, EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';
import { ModelBudget } from '../../../src/protocol/model-budget.ts';
import { budgetHeader, modelKeyHeader, routes } from '../../../src/protocol/wire.ts';
import type { Behaviour } from '../../support/fakes/fake-sandbox.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { post, request, resultOf } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const authority = 'm.model.sallyport.internal';
const route = ModelRoute.parse({
  id: 'm',
  kind: 'anthropic-messages',
  authority,
  upstream: 'https://a.example',
  paths: ['/v1/messages'],
  models: ['m-1'],
  unpriced: 'allow',
  limits: { tokens: 100, costMicroUsd: 100 },
});

/** Takes its input, does `before`, asks the model with the run's key, and leaves `part` as its result. */
const asks =
  (before: () => Promise<unknown>, part: object): Behaviour =>
  async (session) => {
    const input = session.request({ ':path': routes.input, ':authority': 'sallyport.internal' });
    input.resume();
    const beside = await new Promise<Record<string, unknown>>((resolve) => {
      input.once('response', resolve);
    });
    told = {
      key: String(beside[modelKeyHeader]),
      budget: ModelBudget.parse(JSON.parse(String(beside[budgetHeader]))),
    };
    await before();
    const headers = { ':authority': authority, ':method': 'POST', ':path': '/v1/messages' };
    const body = JSON.stringify({ model: 'm-1', max_tokens: 1, messages: [] });
    const json = { 'content-type': 'application/json', 'x-api-key': told.key };
    status = await request(session, { ...headers, ...json }, body);
    const end = `${JSON.stringify({ type: 'exec-end', execs: 1, processes: 1, dropped: 0 })}\n`;
    await request(session, { ':method': 'POST', ':path': routes.events }, end);
    await post(session, resultOf(part));
  };
let told: { key: string; budget: ModelBudget } = {
  key: '',
  budget: ModelBudget.parse({ tokens: 0, costMicroUsd: 0, requests: 0 }),
};
let status: number | undefined;

/** A task with the model, under a budget of 50 tokens a day, of which others use 60 while it runs. */
async function cut(part: object, change: Partial<EffectiveTask> = {}) {
  const scene = new RunnerScene();
  const { world } = scene;
  const { policy, digest } = world.policy;
  const task = await scene.queued({ name: 'review', kind: 'review' });
  const rules = policy.tasks[task.name];
  if (rules === undefined) throw new Error('no such task');
  const egress = { ...rules.egress, use: ['m'] };
  const changed: EffectivePolicy = {
    ...policy,
    budgets: { perRepository: { tokens: 50 } },
    egress: { ...policy.egress, modelRoutes: [route] },
    tasks: { ...policy.tasks, [task.name]: { ...rules, egress, ...change } },
  };
  world.policy = { policy: changed, digest };
  const others = await scene.queued({ cause: 'others' as never });
  const { installationId, repositoryId } = others.repository;
  const place = { installationId, repositoryId, pullRequest: 99, taskName: 'x', attempt: 1 };
  const used = { ms: 0, costMicroUsd: 0, requests: 1, atMs: world.clock.nowMs(), tokens: 60 };
  scene.sandbox.behave = asks(async () => {
    await world.store.usage.put({ taskId: others.id, ...place, ...used });
    await world.clock.advance(1_000);
  }, part);
  await scene.run(task);
  return { scene, task: await scene.now(task) };
}

describe('a ceiling of models that is reached while a task runs', () => {
  const finding = { ...sampleFinding({ path: 'src/a.js' }), message: 'found before the end' };

  it('keeps what was found, and says at which ceiling it stopped', async () => {
    const { scene, task } = await cut({
      report: { findings: [finding], tools: [], toolErrors: [] },
    });
    expect(told.budget).toEqual({ tokens: 50, costMicroUsd: 100, requests: null });
    expect(status).toBe(429);
    const outcome = await readOutcome(scene.world.store.artifacts, task);
    expect(outcome.ending).toEqual({ limit: 'budget:perRepository.tokens' });
    expect(outcome.findings).toMatchObject([{ message: 'found before the end' }]);
    const denied = scene.world.ledger.entries.filter(({ type }) => type === 'egress.denied');
    expect(denied.map(({ data }) => data['reason'])).toEqual(['budget:perRepository.tokens']);
    await settleTask(scene.world.context, task.id);
    const run = scene.world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.state).toMatchObject({ conclusion: 'failure' });
    expect(JSON.stringify(run)).toContain('budget:perRepository.tokens');
    expect(JSON.stringify([...scene.world.github.runs.values()])).not.toContain(told.key);
  });

  it('is told of once, whatever the sandbox says of it, and nobody is asked a second time', async () => {
    const stopped = { tool: 'linters', message: 'was asked to end' };
    const { scene, task } = await cut(
      { report: { findings: [finding], tools: [], toolErrors: [stopped] } },
      { secondOpinion: { agent: 'claude-code', model: { route: null, name: null } } },
    );
    const limit = 'budget:perRepository.tokens';
    const outcome = await readOutcome(scene.world.store.artifacts, task);
    const message = `stopped at ${limit}: was asked to end`;
    expect(outcome.toolErrors).toEqual([{ tool: 'linters', message }]);
    expect(outcome.opinions).toEqual({ agent: 'claude-code', failure: limit, items: [] });
    expect(scene.sandbox.started).toHaveLength(1);
    await settleTask(scene.world.context, task.id);
    const output = scene.world.github.runs.get(task.checkRunId ?? 0)?.output;
    expect(output?.title).toContain('1 tool failed');
    expect(output?.summary.split('stopped at')).toHaveLength(2);
    expect(output?.summary).toContain('was to look a second time and did not');
  });

  it('is the reason when nothing was left', async () => {
    const { task } = await cut({ report: null, reportError: 'no file' });
    expect(task).toMatchObject({ state: 'failed', reason: 'budget:perRepository.tokens' });
  });
});
