import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import { costEvent, endEvent, providerError, toolEvent } from '../../agent-run/make-events.ts';
import { count, onType, readLines, usd } from '../../agent-run/read-lines.ts';
import { piModels } from './models.ts';
import manifest from './package.json' with { type: 'json' };

/** The agent pi. It has no sandbox and no approvals of its own. */
export const pi: AgentAdapter = {
  name: 'pi',
  version: manifest.dependencies['@mariozechner/pi-coding-agent'],
  apis: ['anthropic-messages', 'openai-responses', 'openai-chat'],
  // Its settings hold a command that is put before every other, and are read whatever the options say.
  aside: ['.pi'],
  start,
  reader: () => readLines(used, spoken),
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
    files: { [`${folder}/models.json`]: piModels(order), [extension]: extensionFor(order) },
  };
}

/** Pi knows no MCP: our bundle offers it the tools of a server. It wants a default export, which we have none of. */
function extensionFor({ bundles, mcp }: AgentOrder): string {
  const bundle = JSON.stringify(`${bundles}/extensions/pi.js`);
  return `import { offerTools } from ${bundle};\nexport default (pi) => offerTools(pi, ${JSON.stringify(mcp)});\n`;
}

const use = { toolName: z.string(), args: z.unknown() };
const used = onType('tool_execution_start', use, ({ toolName, args }) => [
  toolEvent(toolName, args),
]);

const Usage = z.looseObject({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  cost: z.looseObject({ total: usd }),
});
const Message = z.looseObject({
  role: z.literal('assistant'),
  stopReason: z.string(),
  errorMessage: z.string().default(''),
  usage: Usage,
});
const spoken = onType('message_end', { message: Message }, ({ message }) => {
  const { stopReason, errorMessage, usage } = message;
  const { input, output, cacheRead, cacheWrite, cost } = usage;
  const told: AgentEvent[] = [{ kind: 'tokens', input, output, cacheRead, cacheWrite }];
  if (cost.total > 0) told.push(costEvent(cost.total));
  if (stopReason === 'stop') return [...told, endEvent('done')];
  if (stopReason !== 'error')
    return [...told, endEvent('error', `its last answer ended by: ${stopReason}`)];
  return [...told, providerError(errorMessage), endEvent('error', errorMessage)];
});
