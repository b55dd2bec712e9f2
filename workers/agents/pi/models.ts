import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { AgentOrder } from '../../agent-run/agent-adapter.ts';

/** Its names of the APIs, and what it adds to an address by itself. */
const apis: Readonly<Record<ModelApi, { readonly api: string; readonly path: string }>> = {
  'anthropic-messages': { api: 'anthropic-messages', path: '' },
  'openai-responses': { api: 'openai-responses', path: '/v1' },
  'openai-chat': { api: 'openai-completions', path: '/v1' },
};

/** Its `models.json`. The key is not in it: it is read from the environment. */
export function piModels({ model: { api: kind, name }, modelUrl }: AgentOrder): string {
  const { api, path } = apis[kind];
  const limits = { contextWindow: 200_000, maxTokens: 8_000 };
  // Priced by the broker alone.
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const models = [{ id: name, name, reasoning: false, input: ['text'], cost, ...limits }];
  const provider = { baseUrl: `${modelUrl}${path}`, api, apiKey: 'SALLYPORT_MODEL_KEY', models };
  return JSON.stringify({ providers: { sallyport: provider } });
}
