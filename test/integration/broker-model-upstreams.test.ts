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
