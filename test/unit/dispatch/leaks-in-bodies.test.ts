import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import type { Incident } from '../../../src/dispatch/leak-guard.ts';
import { runAgent } from '../../../src/dispatch/run-agent.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { canaryHeader, routes } from '../../../src/protocol/wire.ts';
import { request } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

const host = 'upstream.example';
const reach = EgressPolicy.parse({
  rules: [{ id: 'upstream', host, port: 80, methods: ['POST'], paths: ['/**'] }],
  allowAddresses: ['127.0.0.0/8'],
  limits: {
    networkBytes: 1_000_000,
    requests: 10,
    connections: 10,
    concurrent: 2,
    headerBytes: 12_288,
    bodyBytes: 100_000,
  },
});

/** Runs an agent that posts what `bodyOf` makes of its canary to where it may; what came there, and what became of the run. */
async function posted(bodyOf: (canary: string) => string) {
  const { world, sandbox, source, runner } = new RunnerScene();
  const [near, far] = duplexPair();
  let received = '';
  far.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (received.includes('\r\n\r\n')) far.write('HTTP/1.1 204 No Content\r\n\r\n');
  });
  let canary = '';
  sandbox.behave = async (session, running) => {
    const input = session.request({ ':path': routes.input, ':authority': 'sallyport.internal' });
    input.resume();
    input.once('response', (headers) => {
      canary = String(headers[canaryHeader]);
      const target = { ':method': 'POST', ':authority': host, ':scheme': 'http', ':path': '/' };
      void request(session, target, bodyOf(canary)).finally(() => session.destroy());
    });
    await running.ended();
  };
  const task = await new RunnerScene().queued();
  const incidents: Incident[] = [];
  const resolver = { resolve: async () => [{ address: '127.0.0.1', family: 4 } as const] };
  const egress = { ...runner.egress, resolver, dialer: { connect: async () => near } };
  const verdict = await runAgent(
    { sandbox, source, egress, artifacts: world.store.artifacts, clock: world.clock },
    {
      task,
      location: world.github.sourceOf(task.repository),
      rules: rulesOf(world.context.policies.operator.policy, task.name),
      reach,
      image: 'worker:1',
      ownerId: 'runner-1',
      signal: new AbortController().signal,
      onEvent: () => undefined,
      onEgress: async () => undefined,
      onPrepared: async () => undefined,
      onIncident: async (incident) => void incidents.push(incident),
    },
  );
  return { verdict, incidents, received, canary };
}

it('the canary in the body of an allowed request stays, and ends the run', async () => {
  const { verdict, incidents, received, canary } = await posted((word) => `x=${word}`);
  expect(verdict).toEqual({ status: 'failed', reason: 'incident:secret-in-output' });
  expect(incidents).toMatchObject([{ rule: 'canary', where: 'egress' }]);
  expect(received).not.toContain(canary);
});

it('a body without it goes out', async () => {
  const { incidents, received } = await posted(() => 'x=1');
  expect(received).toMatch(/^POST \/ HTTP\/1\.1\r\n[\s\S]*x=1/);
  expect(incidents).toEqual([]);
});
