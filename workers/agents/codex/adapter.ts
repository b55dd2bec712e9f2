import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import { endEvent, providerError, toolEvent } from '../../agent-run/make-events.ts';
import { count, onType, readLines } from '../../agent-run/read-lines.ts';
import { codexConfig } from './config.ts';
import manifest from './package.json' with { type: 'json' };

/** OpenAI's Codex. Its own sandbox and approvals are off: ours holds. */
export const codex: AgentAdapter = {
  name: 'codex',
  version: versionIn(manifest.optionalDependencies['@openai/codex-linux-x64']),
  apis: ['openai-responses'],
  // It does not trust the folder, so it reads no configuration of the repository.
  aside: [],
  start,
  reader: () => {
    // A turn that a model refused ends as others do, without a word of the agent. What it said before its last tool
    // was no answer.
    let hasSpoken = false;
    const spoken = onType('item.completed', { item: Spoken }, () => {
      hasSpoken = true;
      return [];
    });
    const began = onType('item.started', { item: z.unknown() }, ({ item }) => {
      hasSpoken = false;
      return items.flatMap((read) => read(item));
    });
    const turn = onType('turn.completed', { usage: Usage }, ({ usage }) => [
      tokensOf(usage),
      hasSpoken ? endEvent('done') : endEvent('refused', 'it ended without an answer'),
    ]);
    return readLines(spoken, turn, began, failed, warned);
  },
};

/** `npm:@openai/codex@0.171.0-linux-x64`: the version is before the platform. */
function versionIn(alias: string): string {
  return /@(\d+\.\d+\.\d+)-/.exec(alias)?.[1] ?? alias;
}

const triples: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
};

/** The last one: the prompt is read from stdin. */
const options =
  'exec --json --ephemeral --skip-git-repo-check --ignore-rules --dangerously-bypass-approvals-and-sandbox -'.split(
    ' ',
  );

function start(order: AgentOrder): AgentStart {
  const { packages, platform } = order;
  const vendor = `${packages}/@openai/codex-${platform}/vendor/${triples[platform]}`;
  return {
    argv: [`${vendor}/bin/codex`, ...options],
    env: { SALLYPORT_MODEL_KEY: order.modelKey },
    files: { '.codex/config.toml': codexConfig(order) },
  };
}

const Spoken = z.looseObject({ type: z.literal('agent_message') });
const Usage = z.looseObject({
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_input_tokens: count.default(0),
  output_tokens: count,
});

function tokensOf(usage: z.output<typeof Usage>): AgentEvent {
  const { cached_input_tokens: cacheRead, cache_write_input_tokens: cacheWrite } = usage;
  const input = Math.max(0, usage.input_tokens - cacheRead - cacheWrite);
  return { kind: 'tokens', input, output: usage.output_tokens, cacheRead, cacheWrite };
}

const items = [
  onType('command_execution', { command: z.string() }, ({ command }) => [
    toolEvent('shell', command),
  ]),
  onType(
    'mcp_tool_call',
    { server: z.string(), tool: z.string(), arguments: z.unknown() },
    (call) => [toolEvent(`${call.server}.${call.tool}`, call.arguments)],
  ),
  onType(
    'file_change',
    { changes: z.array(z.looseObject({ path: z.string() })) },
    ({ changes }) => [toolEvent('edit', changes.map(({ path }) => path).join(' '))],
  ),
];
const failed = onType(
  'turn.failed',
  { error: z.looseObject({ message: z.string() }) },
  ({ error }) => [endEvent('error', error.message)],
);
const warned = onType('error', { message: z.string() }, ({ message }) => [providerError(message)]);
