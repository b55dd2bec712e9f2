import { describe, expect, it } from 'vitest';
import { chooseModel } from '../../../src/policy/decide/choose-model.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';

function route(id: string, models: readonly string[]): ModelRoute {
  return ModelRoute.parse({
    id,
    kind: 'anthropic-messages',
    authority: `${id}-api.model.sallyport.internal`,
    upstream: 'https://models.example',
    paths: ['/v1/messages'],
    models,
    limits: { tokens: 1, costMicroUsd: 1 },
  });
}

const modelRoutes = [route('one', ['small', 'large']), route('two', ['other'])];

describe('chooseModel', () => {
  it.each([
    ['the first of all', { route: null, name: null }, 'one-api', 'small'],
    ['the first of a route', { route: 'two', name: null }, 'two-api', 'other'],
    ['one by its name', { route: null, name: 'large' }, 'one-api', 'large'],
    ['both as they are said', { route: 'one', name: 'large' }, 'one-api', 'large'],
  ])('takes %s', (_what, said, label, name) => {
    expect(chooseModel(said, { modelRoutes })).toEqual({ api: 'anthropic-messages', label, name });
  });

  it('takes none where the task has no route', () => {
    expect(chooseModel({ route: null, name: null }, { modelRoutes: [] })).toBeNull();
  });

  it.each([
    ['a route that the task may not use', { route: 'three', name: null }, 'model route three'],
    ['a model that the route does not have', { route: 'two', name: 'small' }, 'model small'],
  ])('refuses %s', (_what, said, what) => {
    expect(() => chooseModel(said, { modelRoutes })).toThrow(`the task may use no ${what}`);
  });

  it('refuses a model where there is no route at all', () => {
    const choosing = () => chooseModel({ route: null, name: 'small' }, { modelRoutes: [] });
    expect(choosing).toThrow('the task may use no model route at all');
  });
});
