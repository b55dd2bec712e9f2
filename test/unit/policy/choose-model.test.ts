import { describe, expect, it } from 'vitest';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { chooseModel } from '../../../src/policy/decide/choose-model.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';

type Choice = Parameters<typeof chooseModel>[1];

function route(
  id: string,
  models: readonly string[],
  kind: ModelApi = 'anthropic-messages',
): ModelRoute {
  return ModelRoute.parse({
    id,
    kind,
    authority: `${id}-api.model.sallyport.internal`,
    upstream: 'https://models.example',
    paths: ['/v1/messages'],
    models,
    limits: { tokens: 1, costMicroUsd: 1 },
  });
}

const modelRoutes = [
  route('one', ['small', 'large']),
  route('two', ['other', 'large']),
  route('three', ['large', 'largest'], 'openai-responses'),
];
const any: Choice = { route: null, name: null };

describe('chooseModel', () => {
  it.each<[string, string, Choice, string, string]>([
    ['the first of all', 'claude-code', any, 'one-api', 'small'],
    ['the first of a route', 'pi', { route: 'two', name: null }, 'two-api', 'other'],
    ['the first route that has it', 'pi', { route: null, name: 'other' }, 'two-api', 'other'],
    ['a later route that has it', 'pi', { route: null, name: 'largest' }, 'three-api', 'largest'],
    ['both as they are said', 'pi', { route: 'two', name: 'large' }, 'two-api', 'large'],
    ['the first that codex speaks to', 'codex', any, 'three-api', 'large'],
    [
      'one by name that it speaks to',
      'codex',
      { route: null, name: 'large' },
      'three-api',
      'large',
    ],
    ['any for an agent that is not ours', 'constructor', any, 'one-api', 'small'],
    // Its harness says why it cannot.
    ['what is said, whoever it is', 'codex', { route: 'one', name: null }, 'one-api', 'small'],
  ])('takes %s', (_what, agent, said, label, name) => {
    const api = label === 'three-api' ? 'openai-responses' : 'anthropic-messages';
    expect(chooseModel(agent, said, { modelRoutes })).toEqual({ api, label, name });
  });

  it('takes none where the task has no route', () => {
    expect(chooseModel('codex', any, { modelRoutes: [] })).toBeNull();
  });

  it.each<[string, string, Choice, string]>([
    ['a route that the task may not use', 'pi', { route: 'four', name: null }, 'route four'],
    ['a model that the route does not have', 'pi', { route: 'two', name: 'small' }, 'model small'],
    ['a model that no route has', 'pi', { route: null, name: 'huge' }, 'model huge'],
    ['one it cannot speak to', 'claude-code', { route: null, name: 'largest' }, 'model largest'],
    ['an agent without a route', 'opencode', any, 'model route that opencode can speak to'],
  ])('refuses %s', (_what, agent, said, what) => {
    const routes = agent === 'opencode' ? modelRoutes.slice(2) : modelRoutes;
    expect(() => chooseModel(agent, said, { modelRoutes: routes })).toThrow(what);
  });

  it('refuses a model where there is no route at all', () => {
    const choosing = () => chooseModel('pi', { route: null, name: 'small' }, { modelRoutes: [] });
    expect(choosing).toThrow('the task may use no model route at all');
  });
});
