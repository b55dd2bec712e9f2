import { request } from 'node:http';
import { connect, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import { duplexPair } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentProxy, startProxy } from '../../../../workers/supervisor/proxy/start-proxy.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** A proxy whose wire gives every request these headers. */
async function proxyWith(headers: Record<string, string>): Promise<AgentProxy> {
  const [near, far] = duplexPair();
  const server = performServerHandshake(near);
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 429, ...headers }, { endStream: true });
  });
  const session = connect('http://sallyport.internal', { createConnection: () => far });
  const proxy = await startProxy((asked, options) => session.request(asked, options), {
    proxyPort: 0,
    modelPort: 0,
  });
  close = async () => {
    await proxy.close();
    session.destroy();
    server.destroy();
  };
  return proxy;
}

async function isTold({ modelLimit }: AgentProxy): Promise<string | undefined> {
  return Promise.race([modelLimit, Promise.resolve(undefined)]);
}

const askModel = ({ modelPort }: AgentProxy) =>
  fetch(`http://127.0.0.1:${modelPort}/claude/v1/messages`, { method: 'POST', body: '{}' });

describe('a ceiling of models', () => {
  it.each([
    'limit:model-tokens',
    'limit:model-cost',
    'limit:model-requests',
    'budget:perRepository.tokens',
    'budget:tasks.fix.perPullRequest.costMicroUsd',
  ])('is heard of when a model is asked: %s', async (limit) => {
    const proxy = await proxyWith({ 'sallyport-limit': limit });
    const answer = await askModel(proxy);
    // The agent is told, too: it may end by itself.
    expect([answer.status, answer.headers.get('sallyport-limit')]).toEqual([429, limit]);
    expect(await proxy.modelLimit).toBe(limit);
  });

  it.each([
    ['another word', { 'sallyport-limit': 'limit:output' }],
    ['no word', { 'sallyport-limit': 'budget:' }],
    ['a word with more behind it', { 'sallyport-limit': 'limit:model-tokens, x' }],
    ['none', {}],
  ])('is not heard of by %s', async (_, headers) => {
    const proxy = await proxyWith(headers);
    await askModel(proxy);
    expect(await isTold(proxy)).toBeUndefined();
  });

  it('is not heard of from a host that is no model', async () => {
    const proxy = await proxyWith({ 'sallyport-limit': 'limit:model-tokens' });
    const path = 'http://upstream.example/';
    const asked = request({ host: '127.0.0.1', port: proxy.proxyPort, path, agent: false });
    const status = await new Promise((resolve, reject) => {
      asked.on('error', reject);
      asked.on('response', (answer) => resolve(answer.resume().statusCode));
      asked.end();
    });
    expect(status).toBe(429);
    expect(await isTold(proxy)).toBeUndefined();
  });
});
