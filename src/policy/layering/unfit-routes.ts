import { apisOf, canAskBy } from '../../domain/agent-apis.ts';
import type { Place, PolicyFault } from '../fault.ts';
import type { ModelRoute } from '../model-route.ts';
import { pathName, type Said, type SaidByPath } from './said.ts';

/** A route that a task names, and what of the policy it has to fit. */
interface Named {
  readonly route: Said;
  readonly agent: unknown;
  readonly routes: readonly ModelRoute[];
  readonly above: Place | undefined;
}

/**
 * Routes that tasks, or their second opinions, name and that are not there or are asked by an API which their agent does
 * not speak. Told where the policy is read, and not when the first task has been refused for it.
 */
export function unfitRoutes(complete: SaidByPath): readonly PolicyFault[] {
  const all = complete.get('egress.modelRoutes');
  const routes = (all?.value ?? []) as readonly ModelRoute[];
  return [...complete.values()].flatMap((route) => {
    const [first, ...rest] = route.path;
    if (first !== 'tasks' || pathName(rest.slice(-2)) !== 'model.route') return [];
    const agent = complete.get(pathName([...route.path.slice(0, -2), 'agent']))?.value;
    return faultOf({ route, agent, routes, above: all?.sources[0] }) ?? [];
  });
}

function faultOf({ route, agent, routes, above }: Named): PolicyFault | undefined {
  const { path, value: id, sources } = route;
  if (typeof id !== 'string') return undefined;
  const shared = { path: pathName(path), at: sources[0] as Place, ...(above && { above }) };
  const kind = routes.find((one) => one.id === id)?.kind;
  if (kind === undefined) {
    const known = routes.map((one) => one.id).join(', ') || 'none';
    const message = `there is no model route ${id}; there are: ${known}`;
    return { ...shared, code: 'not-allowed', message };
  }
  if (typeof agent !== 'string' || canAskBy(agent, kind)) return undefined;
  const own = apisOf(agent).join(', ');
  const message = `${agent} asks by ${own}, and route ${id} is one of ${kind}`;
  return { ...shared, code: 'clashes', message };
}
