import { ModelApi } from './model-api.ts';

/** The APIs that our own agents ask models by, as their adapters in `workers/agents` have it. */
export const agentApis: Readonly<Record<string, readonly ModelApi[]>> = {
  'claude-code': ['anthropic-messages'],
  codex: ['openai-responses'],
  opencode: ['openai-chat', 'anthropic-messages'],
  pi: ['anthropic-messages', 'openai-responses', 'openai-chat'],
};

/** The APIs that an agent may ask by; all of them for one that is not ours, which may do as it likes. */
export function apisOf(agent: string): readonly ModelApi[] {
  const own = Object.hasOwn(agentApis, agent) ? agentApis[agent] : undefined;
  return own ?? ModelApi.options;
}

/** Can this agent ask a model by this API? */
export function canAskBy(agent: string, api: ModelApi): boolean {
  return apisOf(agent).includes(api);
}
