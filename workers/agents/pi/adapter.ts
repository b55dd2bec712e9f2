import { z } from 'zod';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import {
  costEvent,
  endEvent,
  providerError,
  readLines,
  toolEvent,
} from '../../agent-run/read-lines.ts';
import manifest from './package.json' with { type: 'json' };

/** The agent pi. It has no sandbox and no approvals of its own. */
export const pi: AgentAdapter = {
  name: 'pi',
  version: manifest.dependencies['@mariozechner/pi-coding-agent'],
  apis: ['anthropic-messages', 'openai-responses', 'openai-chat'],
  // Its settings hold a command that is put before every other, and are read whatever the options say.
  aside: ['.pi'],
  start,
  reader: () => readLines(lines),
};

/** Its names of the APIs, and what it adds to an address by itself. */
const apis: Readonly<Record<ModelApi, { readonly api: string; readonly path: string }>> = {
  'anthropic-messages': { api: 'anthropic-messages', path: '' },
  'openai-responses': { api: 'openai-responses', path: '/v1' },
  'openai-chat': { api: 'openai-completions', path: '/v1' },
};

const folder = '.sallyport/pi';
/** Given both, it looks for no system prompt in the repository. */
const systemPrompt =
  'You are a coding agent in a sandbox. Work in the current folder, with the tools that you have.';

/** No sessions, extensions, skills, prompt templates, themes or context files but those that we name. */
const options =
  '--provider sallyport --print --mode json --no-session -ne -ns -np --no-themes -nc'.split(' ');

function start(order: AgentOrder): AgentStart {
  const extension = `${folder}/tools.mjs`;
  return {
    argv: [
      order.node,
      `${order.packages}/@mariozechner/pi-coding-agent/dist/cli.js`,
      ...options,
      '--model',
      order.model.name,
      '-e',
      `${order.home}/${extension}`,
      '--system-prompt',
      systemPrompt,
      '--append-system-prompt',
      'Report by your tools.',
    ],
    env: {
      SALLYPORT_MODEL_KEY: order.modelKey,
      PI_CODING_AGENT_DIR: `${order.home}/${folder}`,
      PI_OFFLINE: '1',
      PI_TELEMETRY: '0',
    },
    files: { [`${folder}/models.json`]: models(order), [extension]: extensionFor(order) },
  };
}

function models({ model, modelUrl }: AgentOrder): string {
  const { api, path } = apis[model.api];
  const limits = { contextWindow: 200_000, maxTokens: 8_000 };
  // Priced by the broker alone.
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const { name } = model;
  const known = [{ id: name, name, reasoning: false, input: ['text'], cost, ...limits }];
  const provider = {
    baseUrl: `${modelUrl}${path}`,
    api,
    apiKey: 'SALLYPORT_MODEL_KEY',
    models: known,
  };
  return JSON.stringify({ providers: { sallyport: provider } });
}

/** Pi knows no MCP: our bundle offers it the tools of a server. It wants a default export, which we have none of. */
function extensionFor({ bundles, mcp }: AgentOrder): string {
  const bundle = JSON.stringify(`${bundles}/extensions/pi.js`);
  return `import { offerTools } from ${bundle};\nexport default (pi) => offerTools(pi, ${JSON.stringify(mcp)});\n`;
}

const count = z.number().nonnegative();

const ToolUse = z
  .looseObject({ type: z.literal('tool_execution_start'), toolName: z.string(), args: z.unknown() })
  .transform(({ toolName, args }): readonly AgentEvent[] => [toolEvent(toolName, args)]);

const Spoken = z
  .looseObject({
    type: z.literal('message_end'),
    message: z.looseObject({
      role: z.literal('assistant'),
      stopReason: z.string(),
      errorMessage: z.string().optional(),
      usage: z.looseObject({
        input: count,
        output: count,
        cacheRead: count,
        cacheWrite: count,
        cost: z.looseObject({ total: count }),
      }),
    }),
  })
  .transform(({ message: { stopReason, errorMessage = '', usage } }): readonly AgentEvent[] => {
    const { input, output, cacheRead, cacheWrite, cost } = usage;
    const told: AgentEvent[] = [{ kind: 'tokens', input, output, cacheRead, cacheWrite }];
    if (cost.total > 0) told.push(costEvent(cost.total));
    if (stopReason === 'stop') return [...told, endEvent('done')];
    if (stopReason !== 'error')
      return [...told, endEvent('error', `its last answer ended by: ${stopReason}`)];
    return [...told, providerError(errorMessage), endEvent('error', errorMessage)];
  });

const lines = z.union([ToolUse, Spoken]);
