import { expect, test } from 'vitest';
import { anthropicEvents, hello, ModelUpstream, realKey } from '../support/broker/model-scene.ts';

const upstream = new ModelUpstream();

test('a model is asked behind the prefix of its upstream, as Bedrock has one', async () => {
  const opened = upstream.open({
    credential: { name: 'key', header: 'authorization-bearer' },
    models: ['anthropic.claude-sonnet-5-5', 'us.anthropic.claude-opus-5-5-v1:0'],
    prefix: '/anthropic',
    unpriced: 'allow',
  });
  upstream.stream(...anthropicEvents(3, 4));
  const body = { ...hello, model: 'us.anthropic.claude-opus-5-5-v1:0', stream: true };
  const path = '/v1/messages?beta=true';
  expect((await upstream.ask('anthropic', body, { path })).status).toBe(200);
  expect(upstream.calls[0]).toMatchObject({
    url: `/anthropic${path}`,
    headers: { authorization: `Bearer ${realKey}` },
    body: { model: 'us.anthropic.claude-opus-5-5-v1:0' },
  });
  expect(opened.models.used().tokens).toBe(7);
});

test('an upstream may have another start in place of that of the path, as Vertex AI and Gemini have', async () => {
  const prefix = '/v1/projects/p/locations/global/endpoints/openapi';
  const route = { models: ['google/gemini-3-flash'], unpriced: 'allow', prefix };
  upstream.open({ ...route, paths: ['/v1/chat/completions'], stripPrefix: '/v1' });
  upstream.stream({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } });
  const body = { model: 'google/gemini-3-flash', messages: [], stream: true };
  expect((await upstream.ask('chat', body)).status).toBe(200);
  expect(upstream.calls.map(({ url }) => url)).toEqual([`${prefix}/chat/completions`]);
  const bare = await upstream.ask('chat', body, { path: '/chat/completions' });
  expect(bare.status).toBe(403);
  expect(upstream.calls).toHaveLength(1);
});
