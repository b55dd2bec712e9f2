import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import {
  costEvent,
  endEvent,
  providerError,
  readLines,
  toolEvent,
} from '../../agent-run/read-lines.ts';
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
  reader: () => readLines(lines),
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

const count = z.number().nonnegative();

const ToolUse = z
  .looseObject({
    type: z.literal('tool_use'),
    part: z.looseObject({ tool: z.string(), state: z.looseObject({ input: z.unknown() }) }),
  })
  .transform(({ part }): readonly AgentEvent[] => [toolEvent(part.tool, part.state.input)]);

const StepFinish = z
  .looseObject({
    type: z.literal('step_finish'),
    part: z.looseObject({
      reason: z.string(),
      cost: count,
      tokens: z.looseObject({
        input: count,
        output: count,
        cache: z.looseObject({ read: count, write: count }),
      }),
    }),
  })
  .transform(({ part: { reason, cost, tokens } }): readonly AgentEvent[] => [
    {
      kind: 'tokens',
      input: tokens.input,
      output: tokens.output,
      cacheRead: tokens.cache.read,
      cacheWrite: tokens.cache.write,
    },
    ...(cost > 0 ? [costEvent(cost)] : []),
    endOf(reason),
  ]);

/** It says no last word: of its steps, the last one tells. */
function endOf(reason: string): AgentEvent {
  if (reason === 'stop') return endEvent('done');
  if (reason === 'content-filter') return endEvent('refused');
  return endEvent('error', `its last step ended by: ${reason}`);
}

const Failed = z
  .looseObject({
    type: z.literal('error'),
    error: z.looseObject({
      name: z.string(),
      data: z.looseObject({ message: z.string(), statusCode: z.number().optional() }),
    }),
  })
  .transform(({ error: { name, data } }): readonly AgentEvent[] => {
    if (name === 'ContentFilterError') return [endEvent('refused', data.message)];
    const end = endEvent('error', `${name}: ${data.message}`);
    const { statusCode } = data;
    return statusCode === undefined ? [end] : [providerError(data.message, statusCode), end];
  });

const lines = z.union([ToolUse, StepFinish, Failed]);
