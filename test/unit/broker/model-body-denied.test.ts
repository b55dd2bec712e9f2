import { describe, expect, test } from 'vitest';
import { item, type Kind, readBodyOf, url, user } from '../../support/broker/model-bodies.ts';

describe('a body', () => {
  test.each<[string, Kind, object, string]>([
    ['MCP servers', 'anthropic-messages', { mcp_servers: [{ url }] }, 'model-field:mcp_servers'],
    ['a container', 'anthropic-messages', { container: 'x' }, 'model-field:container'],
    ['an inference profile', 'anthropic-messages', { speed: 'fast' }, 'model-field:speed'],
    ['a dear tier', 'openai-chat', { service_tier: 'priority' }, 'model-field:service_tier'],
    [
      'web search',
      'anthropic-messages',
      { tools: [{ type: 'web_search_20250305' }] },
      'model-tool:web_search_20250305',
    ],
    [
      'web fetch',
      'anthropic-messages',
      { tools: [{ type: 'web_fetch_20250910' }] },
      'model-tool:web_fetch_20250910',
    ],
    [
      'code execution',
      'anthropic-messages',
      { tools: [{ type: 'code_execution_20250825' }] },
      'model-tool:code_execution_20250825',
    ],
    [
      'a tool whose type is no text',
      'openai-responses',
      { tools: [{ type: ['function'] }] },
      'model-malformed',
    ],
    [
      'tools that are no list',
      'anthropic-messages',
      { tools: { 0: { type: 'web_search' } } },
      'model-malformed',
    ],
    [
      'a remote image',
      'anthropic-messages',
      user({ type: 'image', source: { type: 'url', url } }),
      'model-remote-url',
    ],
    [
      'a remote document',
      'anthropic-messages',
      user({ type: 'document', source: { type: 'url', url } }),
      'model-remote-url',
    ],
    [
      'a file of the account',
      'anthropic-messages',
      user({ type: 'document', source: { type: 'file', file_id: 'f' } }),
      'model-remote-url',
    ],
    [
      'a remote image in a tool’s result',
      'anthropic-messages',
      user({ type: 'tool_result', content: [{ type: 'image', source: { type: 'url', url } }] }),
      'model-remote-url',
    ],
    [
      'a remote image in a document',
      'anthropic-messages',
      user({
        type: 'document',
        source: { type: 'content', content: [{ type: 'image', source: { type: 'url', url } }] },
      }),
      'model-remote-url',
    ],
    [
      'a remote image in the system prompt',
      'anthropic-messages',
      { system: [{ type: 'image', source: { type: 'url', url } }] },
      'model-remote-url',
    ],
    [
      'an upload to a container',
      'anthropic-messages',
      user({ type: 'container_upload', file_id: 'f' }),
      'model-content:container_upload',
    ],
    [
      'messages that are no list',
      'anthropic-messages',
      { messages: { content: [{ type: 'image', source: { type: 'url', url } }] } },
      'model-remote-url',
    ],
    [
      'web search',
      'openai-responses',
      { tools: [{ type: 'web_search' }] },
      'model-tool:web_search',
    ],
    ['MCP', 'openai-responses', { tools: [{ type: 'mcp', server_url: url }] }, 'model-tool:mcp'],
    [
      'file search',
      'openai-responses',
      { tools: [{ type: 'file_search' }] },
      'model-tool:file_search',
    ],
    [
      'a code interpreter',
      'openai-responses',
      { tools: [{ type: 'code_interpreter' }] },
      'model-tool:code_interpreter',
    ],
    [
      'image generation',
      'openai-responses',
      { tools: [{ type: 'image_generation' }] },
      'model-tool:image_generation',
    ],
    ['work in the background', 'openai-responses', { background: true }, 'model-field:background'],
    [
      'another answer',
      'openai-responses',
      { previous_response_id: 'r' },
      'model-field:previous_response_id',
    ],
    ['a kept prompt', 'openai-responses', { prompt: { id: 'p' } }, 'model-field:prompt'],
    [
      'a kept item',
      'openai-responses',
      { input: [{ type: 'item_reference', id: 'i' }] },
      'model-content:item_reference',
    ],
    [
      'a remote image',
      'openai-responses',
      item({ type: 'input_image', image_url: url }),
      'model-remote-url',
    ],
    [
      'a remote file',
      'openai-responses',
      item({ type: 'input_file', file_url: url }),
      'model-remote-url',
    ],
    [
      'a file of the account',
      'openai-responses',
      item({ type: 'input_file', file_id: 'f' }),
      'model-remote-url',
    ],
    [
      'a remote image in an output',
      'openai-responses',
      {
        input: [
          { type: 'function_call_output', output: [{ type: 'input_image', image_url: url }] },
        ],
      },
      'model-remote-url',
    ],
    [
      'web search',
      'openai-chat',
      { messages: [], web_search_options: {} },
      'model-field:web_search_options',
    ],
    [
      'an unknown tool',
      'openai-chat',
      { messages: [], tools: [{ type: 'web' }] },
      'model-tool:web',
    ],
    [
      'a remote image',
      'openai-chat',
      user({ type: 'image_url', image_url: { url } }),
      'model-remote-url',
    ],
    [
      'a remote image without an object',
      'openai-chat',
      user({ type: 'image_url', image_url: url }),
      'model-remote-url',
    ],
    [
      'a file of the account',
      'openai-chat',
      user({ type: 'file', file: { file_id: 'f' } }),
      'model-remote-url',
    ],
    ['content that is a number', 'openai-chat', { messages: [{ content: 5 }] }, 'model-malformed'],
  ])('is denied with %s (%s)', (_, kind, body, reason) => {
    expect(readBodyOf(kind, body)).toBe(reason);
  });
});
