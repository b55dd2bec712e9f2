import { describe, expect, test } from 'vitest';
import { hello, ModelUpstream, realKey } from '../support/broker/model-scene.ts';

const upstream = new ModelUpstream();

describe('a provider that quotes the key it was sent', () => {
  test.each([
    ['in an error', 401, 'application/json'],
    ['in an answer that it streams', 200, 'text/event-stream'],
  ])('tells the sandbox and the record nothing of it: %s', async (_how, status, type) => {
    const opened = upstream.open();
    upstream.answer = ({ headers }, response) => {
      const key = String(headers['x-api-key']);
      const error = { type: key, message: `${key} is wrong` };
      response.writeHead(status, { 'content-type': type, 'request-id': key });
      const text = `data: ${JSON.stringify({ type: 'error', error })}\n\n`;
      response.write(text.slice(0, 45));
      response.end(text.slice(45));
    };
    const answer = await upstream.ask('anthropic', hello);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`${'*'.repeat(realKey.length)} is wrong`);
    await opened.broker.idle();
    expect(upstream.calls[0]?.headers['x-api-key']).toBe(realKey);
    expect(JSON.stringify([answer, opened.records])).not.toContain(realKey);
  });
});
