import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import { costEvent, endEvent, providerError, toolEvent } from '../../agent-run/make-events.ts';
import { count, onType, readLines, usd } from '../../agent-run/read-lines.ts';
import manifest from './package.json' with { type: 'json' };

/** Anthropic's Claude Code. Its own permissions are off: the sandbox holds. */
export const claudeCode: AgentAdapter = {
  name: 'claude-code',
  version: manifest.optionalDependencies['@anthropic-ai/claude-code-linux-x64'],
  apis: ['anthropic-messages'],
  // `--setting-sources ""` and `--strict-mcp-config` keep all that a repository holds out of it.
  aside: [],
  start,
  reader: () => readLines(spoken, retried, result),
};

const mcpFile = '.sallyport/mcp.json';
/** With this list of tools there is none that asks the web, and none that waits for a person. */
const options =
  '--print --output-format stream-json --verbose --no-session-persistence --disable-slash-commands --permission-mode bypassPermissions --strict-mcp-config --setting-sources= --tools=Bash,Read,Edit,Write'.split(
    ' ',
  );

function start({ model, modelUrl, modelKey, mcp, ...places }: AgentOrder): AgentStart {
  return {
    argv: [
      `${places.packages}/@anthropic-ai/claude-code-${places.platform}/claude`,
      ...options,
      `--mcp-config=${places.home}/${mcpFile}`,
      `--model=${model.name}`,
    ],
    env: {
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: modelKey,
      // Sub-agents and small jobs too ask for the model that the policy names.
      ANTHROPIC_DEFAULT_OPUS_MODEL: model.name,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model.name,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model.name,
      // The broker tries again by the policy's rule; twice more is for a connection that was cut.
      CLAUDE_CODE_MAX_RETRIES: '2',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      // All tools are told at once, those of the MCP server too.
      ENABLE_TOOL_SEARCH: 'false',
    },
    files: { [mcpFile]: JSON.stringify({ mcpServers: { sallyport: { type: 'stdio', ...mcp } } }) },
  };
}

const Block = z.looseObject({
  type: z.string(),
  name: z.string().default('?'),
  input: z.unknown(),
});
const Message = z.looseObject({ content: z.array(Block) });
const spoken = onType('assistant', { message: Message }, ({ message }) =>
  message.content.flatMap(({ type, name, input }) =>
    type === 'tool_use' ? [toolEvent(name, input)] : [],
  ),
);

const status = z.number().nullable().default(null);
const retry = { subtype: z.literal('api_retry'), error_status: status, error: z.string() };
const retried = onType('system', retry, (said) => [providerError(said.error, said.error_status)]);

const usage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
const outcome = {
  subtype: z.string(),
  is_error: z.boolean(),
  stop_reason: z.string().nullish(),
  result: z.string().optional(),
  errors: z.array(z.string()).default([]),
};

const result = onType('result', { ...outcome, usage, total_cost_usd: usd }, (said) => {
  const { input_tokens: input, output_tokens: output } = said.usage;
  const cacheRead = said.usage.cache_read_input_tokens;
  const cacheWrite = said.usage.cache_creation_input_tokens;
  const tokens: AgentEvent = { kind: 'tokens', input, output, cacheRead, cacheWrite };
  return [tokens, costEvent(said.total_cost_usd), endOf(said)];
});

function endOf(said: z.output<z.ZodObject<typeof outcome>>): AgentEvent {
  const text = said.result ?? said.errors.join('; ');
  if (said.subtype === 'error_max_turns') return endEvent('turns', text);
  if (said.stop_reason === 'refusal') return endEvent('refused', text);
  // `subtype` says success of an answer that is an error of the API, too.
  return endEvent(said.is_error || said.subtype !== 'success' ? 'error' : 'done', text);
}
