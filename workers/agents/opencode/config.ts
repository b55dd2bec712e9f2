import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { AgentOrder } from '../../agent-run/agent-adapter.ts';

/** The packages in opencode by which it asks each API. */
const packages: Readonly<Record<ModelApi, string>> = {
  'openai-chat': '@ai-sdk/openai-compatible',
  'anthropic-messages': '@ai-sdk/anthropic',
  'openai-responses': '@ai-sdk/openai',
};

/** Tokens that opencode takes for a model's window and longest answer: it knows those of its own list only. */
const limit = { context: 200_000, output: 8_000 };

/** Its configuration, as JSON. The key is not in it: it is read from the environment. */
export function opencodeConfig({ model, modelUrl, mcp }: AgentOrder): string {
  const name = `sallyport/${model.name}`;
  return JSON.stringify({
    model: name,
    small_model: name,
    share: 'disabled',
    autoupdate: false,
    snapshot: false,
    lsp: false,
    formatter: false,
    enabled_providers: ['sallyport'],
    permission: { '*': 'allow', webfetch: 'deny', websearch: 'deny' },
    provider: {
      sallyport: {
        npm: packages[model.api],
        name: 'sallyport',
        options: { baseURL: `${modelUrl}/v1`, apiKey: '{env:SALLYPORT_MODEL_KEY}' },
        models: { [model.name]: { name: model.name, tool_call: true, limit } },
      },
    },
    mcp: { sallyport: { type: 'local', command: [mcp.command, ...mcp.args], enabled: true } },
  });
}
