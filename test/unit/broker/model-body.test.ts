import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readModelBody } from '../../../src/broker/model-body.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';

type Kind = ModelRoute['kind'];

const routeOf = (kind: Kind, more: object = {}): ModelRoute =>
  ModelRoute.parse({
    id: 'r',
    kind,
    authority: 'r.model.sallyport.internal',
    upstream: 'https://a.example',
    paths: ['/v1/x'],
    models: ['m'],
    limits: { tokens: 1, costMicroUsd: 1 },
    ...more,
  });

function read(kind: Kind, body: object, more: object = {}) {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', ...body }));
  const reading = readModelBody(bytes, routeOf(kind, more));
  return reading.ok ? (JSON.parse(reading.bytes.toString()) as object) : reading.reason;
}

const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const item = (part: object) => ({ input: [{ role: 'user', content: [part] }] });
const url = 'https://evil.example/?stolen';

describe('a body', () => {
  test.each<[string, Kind, object]>([
    ['text', 'anthropic-messages', { messages: [{ role: 'user', content: 'x' }], system: 'y' }],
    [
      'an image that it carries',
      'anthropic-messages',
      user({ type: 'image', source: { type: 'base64', data: '' } }),
    ],
    [
      'local tools',
      'anthropic-messages',
      { tools: [{ name: 'x' }, { type: 'custom' }, { type: 'bash_20250124' }] },
    ],
    [
      'a tool’s input that looks like a source',
      'anthropic-messages',
      user({ type: 'tool_use', input: { source: { type: 'url', url } } }),
    ],
    [
      'an image that it carries',
      'openai-chat',
      user({ type: 'image_url', image_url: { url: 'data:image/png;base64,' } }),
    ],
    ['functions', 'openai-chat', { messages: [], tools: [{ type: 'function' }] }],
  ])('is sent on as it is with %s (%s)', (_, kind, body) => {
    expect(read(kind, body)).toEqual({ model: 'm', ...body });
  });

  test('of Responses is sent on with nothing to be kept', () => {
    const body = {
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'x' }] },
        { type: 'function_call_output', output: [{ type: 'input_image', image_url: 'data:,' }] },
        { type: 'reasoning', summary: [], encrypted_content: 'x' },
        { type: 'local_shell_call_output', output: { anything: 1 } },
      ],
      tools: [{ type: 'function' }, { type: 'custom' }, { type: 'local_shell' }],
    };
    expect(
      read('openai-responses', { ...body, store: true, background: false, prompt: null }),
    ).toEqual({ model: 'm', ...body, store: false });
  });

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
    expect(read(kind, body)).toBe(reason);
  });

  test('has what the route allows', () => {
    const body = { tools: [{ type: 'web_search' }], prompt: { id: 'p' } };
    const more = { allowRemote: ['web_search'], allowFields: ['prompt'] };
    expect(read('openai-responses', body, more)).toMatchObject(body);
    const image = user({ type: 'image', source: { type: 'url', url } });
    expect(read('anthropic-messages', image, { allowRemote: ['url'] })).toMatchObject(image);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text', '"m"'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['two values', '{"model":"m"}{"model":"m"}'],
  ])('is denied that is %s', (_, text) => {
    const reading = readModelBody(Buffer.from(text), routeOf('openai-chat'));
    expect(reading).toEqual({ ok: false, reason: 'model-malformed' });
  });

  test('is read without an exception, however deep it is', () => {
    const text = `{"model":"m","messages":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
    expect(() => readModelBody(Buffer.from(text), routeOf('openai-chat'))).not.toThrow();
  });

  test.each([undefined, null, 5, ['m'], 'M', 'm ', 'other', '__proto__'])(
    'is denied with the model %j',
    (model) => {
      expect(read('openai-chat', { model })).toBe('model-not-allowed');
    },
  );

  test('is sent on with what was checked, for any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = `{"model":"other","messages":${json},"model":"m"}`;
        const reading = readModelBody(Buffer.from(text), routeOf('anthropic-messages'));
        if (!reading.ok) return;
        expect(reading.bytes.toString()).not.toContain('other');
        expect(readModelBody(reading.bytes, routeOf('anthropic-messages'))).toEqual(reading);
      }),
      { numRuns: 1_000 },
    );
  });
});
