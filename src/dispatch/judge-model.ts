import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { TaskModel } from '../protocol/task-input.ts';

/** The model that a second agent is to use, out of the task's routes; undefined where it has none. */
export function judgeModel(
  { route, name }: EffectiveTask['secondOpinion']['model'],
  { modelRoutes }: Pick<EgressPolicy, 'modelRoutes'>,
): TaskModel | undefined {
  const chosen = modelRoutes.find(({ id }) => route === null || id === route);
  const model = chosen?.models.find((one) => name === null || one === name);
  if (chosen === undefined || model === undefined) return undefined;
  const [label = ''] = chosen.authority.split('.');
  return { api: chosen.kind, label, name: model };
}
