import { describe, expect, test } from 'vitest';
import { routes } from '../../../src/protocol/wire.ts';
import { post, request, resultOf, serve, speak } from '../../support/wire/hostile-sandbox.ts';

/** What the agent's proxy may send at worst: each has a port, or is another spelling. */
const authorities = [
  'sallyport.internal:80',
  'sallyport.internal:0',
  'SALLYPORT.internal',
  'sallyport.internal.',
  'x.sallyport.internal',
  'local.model.sallyport.internal:80',
];
const asked = [
  { ':method': 'GET', ':path': routes.input },
  { ':method': 'POST', ':path': routes.events },
  { ':method': 'POST', ':path': routes.result },
];

describe.each(authorities)('a request to %s', (authority) => {
  test.each(asked)('is not the supervisor’s: $:method $:path', async (headers) => {
    const foreign: unknown[] = [];
    const { outcome, wire, events } = serve({
      onEgress: (stream, { ':authority': name, ':path': path }) => {
        foreign.push([name, path]);
        stream.respond({ ':status': 403 }, { endStream: true });
      },
    });
    const session = speak(wire);
    const forged = resultOf({ agent: { exitCode: 9, signal: null, timedOut: false } });
    const body = headers[':method'] === 'POST' ? forged : '';
    const sent = request(session, { ':authority': authority, ...headers }, body);
    expect(await sent).toBe(403);
    expect(foreign).toEqual([[authority, headers[':path']]]);
    // Input and result are still there to be asked for, once.
    expect(await request(session, { ':method': 'GET', ':path': routes.input })).toBe(200);
    expect(await post(session, resultOf({}))).toBe(204);
    expect((await outcome).manifest.agent.exitCode).toBe(0);
    expect(events).toEqual([]);
  });
});
