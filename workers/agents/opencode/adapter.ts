import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import { costEvent, endEvent, providerError, toolEvent } from '../../agent-run/make-events.ts';
import { count, onType, readLines, usd } from '../../agent-run/read-lines.ts';
import { opencodeConfig } from './config.ts';
import manifest from './package.json' with { type: 'json' };

/** The agent opencode. Its own permissions are off: the sandbox holds. */
export const opencode: AgentAdapter = {
  name: 'opencode',
  version: manifest.optionalDependencies['opencode-linux-x64'],
  apis: ['openai-chat', 'anthropic-messages'],
  // Plugins below `.opencode` are executed in spite of every option that says no.
  aside: ['.opencode', 'opencode.json', 'opencode.jsonc'],
  start,
  reader: () => readLines(used, finished, failed),
};

/** A title keeps it from asking a model for one. */
const options = 'run --title task --format json --pure'.split(' ');

function start(order: AgentOrder): AgentStart {
  return {
    argv: [`${order.packages}/opencode-${order.platform}/bin/opencode`, ...options],
    env: {
      SALLYPORT_MODEL_KEY: order.modelKey,
      OPENCODE_CONFIG_CONTENT: opencodeConfig(order),
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_DISABLE_CLAUDE_CODE: '1',
      OPENCODE_DISABLE_EXTERNAL_SKILLS: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
    },
    files: {
      // With these it takes its plugin package for installed, and does not ask a registry for it.
      '.config/opencode/node_modules/.keep': '',
      '.config/opencode/package-lock.json': JSON.stringify({
        packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } },
      }),
    },
  };
}

const Use = z.looseObject({ tool: z.string(), state: z.looseObject({ input: z.unknown() }) });
const used = onType('tool_use', { part: Use }, ({ part }) => [
  toolEvent(part.tool, part.state.input),
]);

const Cache = z.looseObject({ read: count, write: count });
const Tokens = z.looseObject({ input: count, output: count, cache: Cache });
const Step = z.looseObject({ reason: z.string(), cost: usd, tokens: Tokens });
const finished = onType('step_finish', { part: Step }, ({ part: { reason, cost, tokens } }) => {
  const { input, output, cache } = tokens;
  const counted = { kind: 'tokens', input, output } as const;
  return [
    { ...counted, cacheRead: cache.read, cacheWrite: cache.write },
    ...(cost > 0 ? [costEvent(cost)] : []),
    endOf(reason),
  ];
});

/** It says no last word: of its steps, the last one tells. */
function endOf(reason: string): AgentEvent {
  if (reason === 'stop') return endEvent('done');
  if (reason === 'content-filter') return endEvent('refused');
  return endEvent('error', `its last step ended by: ${reason}`);
}

const Data = z.looseObject({ message: z.string(), statusCode: z.number().optional() });
const Fault = z.looseObject({ name: z.string(), data: Data });
const failed = onType('error', { error: Fault }, ({ error: { name, data } }) => {
  const { message, statusCode } = data;
  if (name === 'ContentFilterError') return [endEvent('refused', message)];
  const end = endEvent('error', `${name}: ${message}`);
  return statusCode === undefined ? [end] : [providerError(message, statusCode), end];
});
