import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readModelBody } from '../../../src/broker/model-body.ts';
import { type Kind, readBodyOf, routeOf, user } from '../../support/broker/model-bodies.ts';

/** Recorded from the agents in November 2026; texts and schemas cut short. */
const recorded = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/model-bodies/${name}.json`, import.meta.url), 'utf8'),
  ) as { model: string };

const read = (kind: Kind, body: { model: string }) =>
  readModelBody(Buffer.from(JSON.stringify(body)), routeOf(kind, { models: [body.model] }));

const webSearch = { type: 'web_search' };

describe('what an agent sends', () => {
  test.each<[string, Kind]>([
    ['claude-code', 'anthropic-messages'],
    ['claude-code-tool-search', 'anthropic-messages'],
    ['codex-additional-tools', 'openai-responses'],
    ['codex-namespace', 'openai-responses'],
    ['codex-tool-search', 'openai-responses'],
    ['opencode', 'openai-chat'],
    ['pi-chat', 'openai-chat'],
    ['pi-messages', 'anthropic-messages'],
    ['pi-responses', 'openai-responses'],
  ])('passes: %s', (name, kind) => {
    const body = recorded(name);
    const reading = read(kind, body);
    expect(reading).toMatchObject({ ok: true, model: body.model });
    // Nothing that it said is lost on the way, but for what the broker itself decides.
    const sent = reading.ok ? (JSON.parse(reading.bytes.toString()) as object) : {};
    const { store: _store, stream_options: _options, ...said } = body as Record<string, unknown>;
    expect(sent).toMatchObject(said);
  });

  test('is refused for the web search that codex has on by default', () => {
    expect(read('openai-responses', recorded('codex-web-search'))).toEqual({
      ok: false,
      reason: 'model-tool:web_search',
    });
  });
});

describe('a tool that a provider runs is found', () => {
  test.each<[string, Kind, object, string]>([
    [
      'in a namespace',
      'openai-responses',
      { tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'function' }, webSearch] }] },
      'model-tool:web_search',
    ],
    [
      'in an item that brings tools',
      'openai-responses',
      { input: [{ type: 'additional_tools', role: 'developer', tools: [webSearch] }] },
      'model-tool:web_search',
    ],
    [
      'in a namespace of such an item',
      'openai-responses',
      {
        input: [
          {
            type: 'additional_tools',
            tools: [{ type: 'namespace', tools: [{ type: 'mcp', server_url: 'https://x' }] }],
          },
        ],
      },
      'model-tool:mcp',
    ],
    [
      'in what a search found',
      'openai-responses',
      { input: [{ type: 'tool_search_output', tools: [{ type: 'code_interpreter' }] }] },
      'model-tool:code_interpreter',
    ],
    [
      'as a search that is not the agent’s',
      'openai-responses',
      { tools: [{ type: 'tool_search' }] },
      'model-tool:tool_search',
    ],
    [
      'in a message that happens to have tools',
      'openai-responses',
      { input: [{ type: 'message', content: 'x', tools: [webSearch] }] },
      'model-tool:web_search',
    ],
    [
      'in namespaces without end',
      'openai-responses',
      {
        tools: [
          {
            type: 'namespace',
            tools: [{ type: 'namespace', tools: [{ type: 'namespace', tools: [] }] }],
          },
        ],
      },
      'model-malformed',
    ],
    [
      'in a tool that comes later',
      'anthropic-messages',
      user({
        type: 'tool_addition',
        tool: { type: 'tool_definition', definition: { type: 'web_fetch_20250910' } },
      }),
      'model-tool:web_fetch_20250910',
    ],
    [
      'in a toolset of an MCP server that comes later',
      'anthropic-messages',
      user({ type: 'tool_addition', tool: { type: 'mcp_toolset_reference', server_name: 's' } }),
      'model-tool:mcp_toolset_reference',
    ],
    [
      'in a tool that comes later and is none',
      'anthropic-messages',
      user({ type: 'tool_addition', tool: 'web' }),
      'model-malformed',
    ],
    [
      'in a namespace, where there are none',
      'openai-chat',
      { messages: [], tools: [{ type: 'namespace', tools: [] }] },
      'model-tool:namespace',
    ],
  ])('%s', (_, kind, body, reason) => {
    expect(readBodyOf(kind, body)).toBe(reason);
  });

  test('and the agent’s own, defined late, pass', () => {
    const body = user(
      { type: 'tool_addition', tool: { type: 'tool_definition', definition: { name: 'x' } } },
      { type: 'tool_removal', tool: { type: 'tool_reference', name: 'x' } },
    );
    expect(readBodyOf('anthropic-messages', body)).toMatchObject(body);
  });
});
