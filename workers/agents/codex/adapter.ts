import { z } from 'zod';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from '../../agent-run/agent-adapter.ts';
import { endEvent, providerError, readLines, toolEvent } from '../../agent-run/read-lines.ts';
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
    // A turn that a model refused ends as others do, without a word of the agent.
    let hasSpoken = false;
    const turn = z
      .looseObject({ type: z.literal('turn.completed'), usage: Usage })
      .transform(({ usage }): readonly AgentEvent[] => [
        tokensOf(usage),
        hasSpoken ? endEvent('done') : endEvent('refused', 'it ended without an answer'),
      ]);
    const spoken = z
      .looseObject({
        type: z.literal('item.completed'),
        item: z.looseObject({ type: z.literal('agent_message') }),
      })
      .transform((): readonly AgentEvent[] => {
        hasSpoken = true;
        return [];
      });
    return readLines(z.union([turn, spoken, Began, Failed, Warned]));
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

const count = z.number().nonnegative();
const Usage = z.looseObject({
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_input_tokens: count.optional(),
  output_tokens: count,
});

function tokensOf(usage: z.infer<typeof Usage>): AgentEvent {
  const { cached_input_tokens: cacheRead, cache_write_input_tokens: cacheWrite = 0 } = usage;
  const input = Math.max(0, usage.input_tokens - cacheRead - cacheWrite);
  return { kind: 'tokens', input, output: usage.output_tokens, cacheRead, cacheWrite };
}

const Item = z.union([
  z
    .looseObject({ type: z.literal('command_execution'), command: z.string() })
    .transform(({ command }) => toolEvent('shell', command)),
  z
    .looseObject({
      type: z.literal('mcp_tool_call'),
      server: z.string(),
      tool: z.string(),
      arguments: z.unknown(),
    })
    .transform((call) => toolEvent(`${call.server}.${call.tool}`, call.arguments)),
  z
    .looseObject({
      type: z.literal('file_change'),
      changes: z.array(z.looseObject({ path: z.string() })),
    })
    .transform(({ changes }) => toolEvent('edit', changes.map(({ path }) => path).join(' '))),
]);
const Began = z
  .looseObject({ type: z.literal('item.started'), item: Item })
  .transform(({ item }): readonly AgentEvent[] => [item]);
const Failed = z
  .looseObject({ type: z.literal('turn.failed'), error: z.looseObject({ message: z.string() }) })
  .transform(({ error }): readonly AgentEvent[] => [endEvent('error', error.message)]);
const Warned = z
  .looseObject({ type: z.literal('error'), message: z.string() })
  .transform(({ message }): readonly AgentEvent[] => [providerError(message)]);
