import { apisOf, canAskBy } from '../../domain/agent-apis.ts';
import { isAnalyser } from '../../domain/analysers.ts';
import type { Place, PolicyFault } from '../fault.ts';
import type { ModelRoute } from '../model-route.ts';
import { lowestPlace, pathName, type Said, type SaidByPath } from './said.ts';

/**
 * Routes that tasks, or their second opinions, name and that are not there or are asked by an API which their agent does
 * not speak. Told where the policy is read, and not when the first task has been refused for it. The fault is of the
 * lower layer, where one names the agent and another the route. Not of a task that is switched off, nor of an agent that
 * asks no model. That `egress.use` leaves the route to the task is not looked at: a layer may take it away, and the task
 * is refused then.
 */
export function unfitRoutes(complete: SaidByPath): readonly PolicyFault[] {
  const all = complete.get('egress.modelRoutes');
  const routes = (all?.value ?? []) as readonly ModelRoute[];
  return [...complete.values()].flatMap((route) => {
    const [first, task = '', ...rest] = route.path;
    if (first !== 'tasks' || pathName(rest.slice(-2)) !== 'model.route') return [];
    const agent = complete.get(pathName([...route.path.slice(0, -2), 'agent']));
    const isOff = complete.get(pathName(['tasks', task, 'enabled']))?.value === false;
    if (isOff || typeof route.value !== 'string' || !asksModels(agent)) return [];
    const known = routes.find(({ id }) => id === route.value);
    if (known === undefined) return [missing(route, routes, all?.sources[0])];
    return unspoken(route, agent, known) ?? [];
  });
}

function asksModels(agent: Said | undefined): agent is Said {
  return typeof agent?.value === 'string' && !isAnalyser(agent.value);
}

function missing(
  { path, value, sources }: Said,
  routes: readonly ModelRoute[],
  above: Place | undefined,
): PolicyFault {
  const known = routes.map(({ id }) => id).join(', ') || 'none';
  const message = `there is no model route ${String(value)}; there are: ${known}`;
  const at = lowestPlace(sources);
  return { code: 'not-allowed', path: pathName(path), message, at, ...(above && { above }) };
}

function unspoken(route: Said, agent: Said, { id, kind }: ModelRoute): PolicyFault | undefined {
  const name = String(agent.value);
  if (canAskBy(name, kind)) return undefined;
  const message = `${name} asks by ${apisOf(name).join(', ')}, and route ${id} by ${kind}`;
  const at = lowestPlace([...route.sources, ...agent.sources]);
  const isOfAgent = agent.sources.includes(at);
  const [own, other] = isOfAgent ? [agent, route] : [route, agent];
  const above = other.sources[0] as Place;
  return { code: 'clashes', path: pathName(own.path), message, at, above };
}
