import type { ModelRoute } from '../policy/model-route.ts';
import { firstFault } from './content-check.ts';
import { isObject, propertyOf } from './json-object.ts';

/** Tools that the agent itself runs. */
const localTools: Readonly<Record<ModelRoute['kind'], RegExp>> = {
  'anthropic-messages': /^(?:custom|(?:bash|text_editor|computer|memory)_\d{8})$/,
  'openai-responses': /^(?:function|custom|local_shell|apply_patch)$/,
  'openai-chat': /^(?:function|custom)$/,
};

/** Deepest nesting of tools in tools: a namespace holds functions, and no namespaces. */
const maxDepth = 2;

/** The first tool of a list that the agent does not run itself, wherever in a body the list stands. */
export function toolsFault(
  tools: unknown,
  route: Pick<ModelRoute, 'kind' | 'allowRemote'>,
  depth = 0,
): string | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || depth > maxDepth) return 'model-malformed';
  return firstFault(tools, (tool) => toolFault(tool, route, depth));
}

function toolFault(
  tool: unknown,
  route: Pick<ModelRoute, 'kind' | 'allowRemote'>,
  depth: number,
): string | undefined {
  if (!isObject(tool)) return 'model-malformed';
  // Anthropic's own tools without a type are the agent's.
  const type = tool['type'] ?? 'custom';
  if (typeof type !== 'string') return 'model-malformed';
  if (localTools[route.kind].test(type) || route.allowRemote.includes(type)) return undefined;
  if (route.kind !== 'openai-responses') return `model-tool:${type}`;
  // A namespace is a name for the functions in it.
  if (type === 'namespace') return toolsFault(tool['tools'] ?? [], route, depth + 1);
  // Who looks for a tool, the agent or the provider, is said and not inferred.
  return type === 'tool_search' && propertyOf(tool, 'execution') === 'client'
    ? undefined
    : `model-tool:${type}`;
}
