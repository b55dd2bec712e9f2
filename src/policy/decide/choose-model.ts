import { canAskBy } from '../../domain/agent-apis.ts';
import type { ModelApi } from '../../domain/model-api.ts';
import { SallyportError } from '../../errors.ts';
import type { EffectiveTask } from '../effective-policy.ts';
import type { EgressPolicy } from '../egress-policy.ts';
import { routeSuffix } from '../model-route.ts';

/** A model, and the first label of the authority that it is asked at. */
export interface ChosenModel {
  readonly api: ModelApi;
  readonly label: string;
  readonly name: string;
}

/**
 * The model of an agent: the route and the model that the policy names; where it names no route, of those that the agent
 * can speak to the first that has the model. Null where the task may use no route.
 * @throws SallyportError `policy.invalid` for a route or a model that the task may not use, or that no route has that the
 * agent can speak to
 */
export function chooseModel(
  agent: string,
  { route: id, name: wanted }: EffectiveTask['model'],
  { modelRoutes }: Pick<EgressPolicy, 'modelRoutes'>,
): ChosenModel | null {
  if (modelRoutes.length === 0 && id === null && wanted === null) return null;
  const routes = modelRoutes.filter((one) =>
    id === null ? canAskBy(agent, one.kind) : one.id === id,
  );
  for (const { kind: api, authority, models } of routes) {
    const name = models.find((model) => wanted === null || model === wanted);
    const label = authority.slice(0, -routeSuffix.length);
    if (name !== undefined) return { api, label, name };
  }
  const route = id ?? (modelRoutes.length === 0 ? 'at all' : `that ${agent} can speak to`);
  const what = routes.length === 0 ? `model route ${route}` : `model ${wanted}`;
  throw new SallyportError('policy.invalid', `the task may use no ${what}`);
}
