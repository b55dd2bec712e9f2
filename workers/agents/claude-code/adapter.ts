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
import manifest from './package.json' with { type: 'json' };

/** Anthropic's Claude Code. Its own permissions are off: the sandbox holds. */
export const claudeCode: AgentAdapter = {
  name: 'claude-code',
  version: manifest.optionalDependencies['@anthropic-ai/claude-code-linux-x64'],
  apis: ['anthropic-messages'],
  // `--setting-sources ""` and `--strict-mcp-config` keep all that a repository holds out of it.
  aside: [],
  start,
  reader: () => readLines(lines),
};

const mcpFile = '.sallyport/mcp.json';
/** With this list there is no tool that asks the web, and none that waits for a person. */
const tools = 'Bash,Read,Edit,Write';
const options =
  '--print --output-format stream-json --verbose --no-session-persistence --disable-slash-commands --permission-mode bypassPermissions --strict-mcp-config'.split(
    ' ',
  );

function start({
  model,
  modelUrl,
  modelKey,
  home,
  packages,
  platform,
  mcp,
}: AgentOrder): AgentStart {
  return {
    argv: [
      `${packages}/@anthropic-ai/claude-code-${platform}/claude`,
      ...options,
      '--setting-sources=',
      `--tools=${tools}`,
      `--mcp-config=${home}/${mcpFile}`,
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

const count = z.number().nonnegative();
const Block = z.looseObject({ type: z.string(), name: z.string().optional(), input: z.unknown() });

const Spoken = z
  .looseObject({
    type: z.literal('assistant'),
    message: z.looseObject({ content: z.array(Block) }),
  })
  .transform(({ message }): readonly AgentEvent[] =>
    message.content
      .filter(({ type }) => type === 'tool_use')
      .map(({ name = '?', input }) => toolEvent(name, input)),
  );

const Retried = z
  .looseObject({
    type: z.literal('system'),
    subtype: z.literal('api_retry'),
    error_status: z.number().nullish(),
    error: z.string(),
  })
  .transform(({ error, error_status = null }) => [providerError(error, error_status)]);

const Result = z
  .looseObject({
    type: z.literal('result'),
    subtype: z.string(),
    is_error: z.boolean(),
    stop_reason: z.string().nullish(),
    api_error_status: z.number().nullish(),
    result: z.string().optional(),
    errors: z.array(z.string()).optional(),
    total_cost_usd: count,
    usage: z.looseObject({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
    }),
  })
  .transform(({ usage, total_cost_usd, ...result }): readonly AgentEvent[] => [
    {
      kind: 'tokens',
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens,
      cacheWrite: usage.cache_creation_input_tokens,
    },
    costEvent(total_cost_usd),
    endOf(result),
  ]);

function endOf(result: {
  readonly subtype: string;
  readonly is_error: boolean;
  readonly stop_reason?: string | null | undefined;
  readonly result?: string | undefined;
  readonly errors?: readonly string[] | undefined;
}): AgentEvent {
  const text = result.result ?? result.errors?.join('; ') ?? '';
  if (result.subtype === 'error_max_turns') return endEvent('turns', text);
  if (result.stop_reason === 'refusal') return endEvent('refused', text);
  // `subtype` says success of an answer that is an error of the API, too.
  return endEvent(result.is_error || result.subtype !== 'success' ? 'error' : 'done', text);
}

const lines = z.union([Spoken, Retried, Result]);
