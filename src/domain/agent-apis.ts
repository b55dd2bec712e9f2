import type { ModelApi } from './model-api.ts';

/** The APIs that our own agents ask models by, as their adapters in `workers/agents` have it. */
export const agentApis: Readonly<Record<string, readonly ModelApi[]>> = {
  'claude-code': ['anthropic-messages'],
  codex: ['openai-responses'],
  opencode: ['openai-chat', 'anthropic-messages'],
  pi: ['anthropic-messages', 'openai-responses', 'openai-chat'],
};

/** Can this agent ask a model by this API? One that is not ours may do as it likes. */
export function canAskBy(agent: string, api: ModelApi): boolean {
  return !Object.hasOwn(agentApis, agent) || agentApis[agent]?.includes(api) === true;
}
