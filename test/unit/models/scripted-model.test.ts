import { describe, expect, it, onTestFinished } from 'vitest';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../support/models/scripted-model.ts';
import { call, fail, refuse, say, type Turn } from '../../support/models/turn.ts';

const parameters = { type: 'object', properties: {}, additionalProperties: false };
const asked = {
  'anthropic-messages': {
    path: '/v1/messages',
    body: {
      model: 'm',
      max_tokens: 100,
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
      tools: [{ name: 'look', input_schema: parameters }],
    },
  },
  'openai-responses': {
    path: '/v1/responses',
    body: {
      model: 'm',
      stream: true,
      input: 'hello',
      tools: [{ type: 'function', name: 'look', parameters, strict: false }],
    },
  },
  'openai-chat': {
    path: '/v1/chat/completions',
    body: {
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
      tools: [{ type: 'function', function: { name: 'look', parameters } }],
    },
  },
} satisfies Record<ModelApi, { path: string; body: Record<string, unknown> }>;
const apis = Object.keys(asked) as ModelApi[];

async function scripted(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const model = await ScriptedModel.start(options);
  onTestFinished(() => model.close().catch(() => undefined));
  return model;
}

async function ask(model: ScriptedModel, api: ModelApi, change: object = {}) {
  const answer = await fetch(`${model.url}/label${asked[api].path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'k' },
    body: JSON.stringify({ ...asked[api].body, ...change }),
  });
  return { status: answer.status, text: await answer.text() };
}

const turns: readonly (readonly [string, Turn, string])[] = [
  ['a text', say('good day'), 'good day'],
  ['a call', call({ name: 'look', args: { at: 'me' } }), '{\\"at\\":\\"me\\"}'],
  ['a refusal', refuse('not that'), 'not that'],
  ['an end by length', { kind: 'truncated', text: 'half' }, 'half'],
];

describe.each(apis)('the scripted model by %s', (api) => {
  it.each(turns)('answers %s as the types of the SDK have it', async (_name, turn, words) => {
    const model = await scripted({ script: [turn] });
    const { status, text } = await ask(model, api);
    expect(status).toBe(200);
    expect(text).toContain(words);
    expect(model.violations).toEqual([]);
    expect(model.requests).toHaveLength(1);
  });

  it('fails before a stream and in the middle of one', async () => {
    const model = await scripted({
      script: [fail(529, 'overloaded_error', { 'retry-after': '1' }), fail(200, 'api_error')],
    });
    expect((await ask(model, api)).status).toBe(529);
    expect(await ask(model, api)).toMatchObject({
      status: 200,
      text: expect.stringContaining('scripted api_error') as string,
    });
    await expect(model.close()).resolves.toBeUndefined();
  });

  it('cuts a connection in the middle', async () => {
    const model = await scripted({ script: [{ kind: 'cut', text: 'half an' }] });
    await expect(ask(model, api)).rejects.toThrow(/terminated|fetch failed/);
    expect(model.violations).toEqual([]);
  });

  it('refuses what is not a request of that API, and says so at the end', async () => {
    const model = await scripted({ script: [say('x')] });
    expect((await ask(model, api, { model: 7 })).status).toBe(400);
    expect((await ask(model, api, { stream: false })).status).toBe(400);
    expect(model.requests).toEqual([]);
    await expect(model.close()).rejects.toThrow(/request: .*model/s);
  });

  it('answers a request without tools beside the script', async () => {
    const model = await scripted({ script: [say('first')] });
    expect((await ask(model, api, { tools: undefined })).text).toContain('a title');
    expect((await ask(model, api)).text).toContain('first');
    expect(model.sideRequests).toHaveLength(1);
  });

  it('knows its key', async () => {
    const model = await scripted({ script: [say('x')], key: 'another' });
    expect((await ask(model, api)).status).toBe(401);
    expect(model.requests).toEqual([]);
  });
});

it('says what is asked besides', async () => {
  const model = await scripted({ script: [] });
  expect((await fetch(`${model.url}/v1/models`)).status).toBe(404);
  expect(model.strays).toEqual(['GET /v1/models']);
});
