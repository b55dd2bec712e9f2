import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readModelBody } from '../../../src/broker/model-body.ts';
import { type Kind, readBodyOf, routeOf, url, user } from '../../support/broker/model-bodies.ts';

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
    expect(readBodyOf(kind, body)).toEqual({ model: 'm', ...body });
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
      readBodyOf('openai-responses', { ...body, store: true, background: false, prompt: null }),
    ).toEqual({ model: 'm', ...body, store: false });
  });

  test('keeps a no that it may say, and loses one to what it may not ask for', () => {
    const no = { parallel_tool_calls: false, stream: false };
    expect(readBodyOf('openai-chat', { ...no, background: false })).toEqual({ model: 'm', ...no });
  });

  test('has what the route allows', () => {
    const body = { tools: [{ type: 'web_search' }], prompt: { id: 'p' } };
    const more = { allowRemote: ['web_search'], allowFields: ['prompt'] };
    expect(readBodyOf('openai-responses', body, more)).toMatchObject(body);
    const image = user({ type: 'image', source: { type: 'url', url } });
    expect(readBodyOf('anthropic-messages', image, { allowRemote: ['url'] })).toMatchObject(image);
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

  test.each([undefined, null, 5, ['m'], 'M', 'm ', 'other', '__proto__'])(
    'is denied with the model %j',
    (model) => {
      expect(readBodyOf('openai-chat', { model })).toBe('model-not-allowed');
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
