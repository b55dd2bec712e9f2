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
 * The model of a task: the route and the model that the policy names, else the first there is; null where the task
 * may use no route. @throws SallyportError `policy.invalid` for a route or a model that the task may not use
 */
export function chooseModel(
  { route: id, name: wanted }: EffectiveTask['model'],
  { modelRoutes }: Pick<EgressPolicy, 'modelRoutes'>,
): ChosenModel | null {
  const route = id === null ? modelRoutes[0] : modelRoutes.find((one) => one.id === id);
  if (route === undefined && id === null && wanted === null) return null;
  const name = route?.models.find((model) => wanted === null || model === wanted);
  if (route === undefined || name === undefined) {
    const what = route === undefined ? `model route ${id ?? 'at all'}` : `model ${wanted}`;
    throw new SallyportError('policy.invalid', `the task may use no ${what}`);
  }
  const { kind: api, authority } = route;
  return { api, label: authority.slice(0, -routeSuffix.length), name };
}
