import type { EgressRecord } from '../../../src/broker/egress-record.ts';
import { openBroker } from '../../../src/dispatch/open-broker.ts';
import { runSandbox, type SandboxVerdict } from '../../../src/dispatch/run-sandbox.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import type { SecretProvider } from '../../../src/ports/credentials.ts';
import type { RuntimeClass } from '../../../src/ports/sandbox.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { smallEgressLimits } from '../broker/broker-scene.ts';
import { FakeResolver, LoopbackDialer } from '../broker/loopback-dialer.ts';
import { inputBundle } from './input-bundle.ts';
import { probeTask } from './probe-task.ts';
import { freshTaskId, patienceMs, testSandbox } from './run-probe.ts';
import { smallLimits } from './small-limits.ts';

/**
 * For programs: `ask(url, {method, headers, body, port})` through the proxy, `read(answer)` all of its text,
 * `tunnel(authority)` the socket and the head of the answer, `raw(text, port)` what answers these bytes.
 */
const prelude = `
const http = await import('node:http');
const net = await import('node:net');
const tls = await import('node:tls');
const { once } = await import('node:events');
const { text: read } = await import('node:stream/consumers');
const ask = async (path, { body, port = 3128, ...rest } = {}) => {
  const request = http.request({ host: '127.0.0.1', port, path, agent: false, ...rest });
  request.end(body);
  const [answer] = await once(request, 'response');
  return answer;
};
const reasonOf = (body) => attempt(() => JSON.parse(body).error.reason);
const answerTo = async (...asked) => {
  const answer = await ask(...asked);
  return [answer.statusCode, reasonOf(await read(answer))];
};
const tunnel = async (authority) => {
  const socket = net.connect(3128, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('CONNECT ' + authority + ' HTTP/1.1\\r\\nHost: ' + authority + '\\r\\n\\r\\n');
  const [head] = await once(socket, 'data');
  return { socket, status: Number(String(head).slice(9, 12)) };
};
const raw = async (bytes, port = 3128) => {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.end(bytes);
  return (await read(socket)).split('\\r\\n')[0];
};
`;

/** A program of the agent `probe`, and what it may reach. */
export type EgressProbe = {
  readonly image: string;
  readonly runtime: RuntimeClass;
  readonly program: string;
  /** Rules and routes; the host's loopback is opened, and small ceilings are set, unless told. */
  readonly policy?: object;
  readonly ca?: string;
  readonly credentials?: ReadonlyMap<string, SecretProvider>;
};

/** Runs it as a task is run, with a broker that reaches the host's loopback and nothing else. */
export async function runEgress(probe: EgressProbe): Promise<{
  readonly verdict: SandboxVerdict;
  readonly records: readonly EgressRecord[];
  readonly said: readonly unknown[];
  /** Names looked up and addresses dialled, in that order. */
  readonly reached: readonly string[];
}> {
  const taskId = freshTaskId();
  const limits = smallLimits;
  const input = probeTask(taskId, prelude + probe.program, { limits, agentMs: patienceMs });
  const resolver = new FakeResolver({ 'upstream.example': [['127.0.0.1']] });
  const dialer = new LoopbackDialer(probe.ca);
  const records: EgressRecord[] = [];
  const events: SandboxEvent[] = [];
  const { credentials = new Map<string, SecretProvider>() } = probe;
  const prices = { version: 1, asOf: '2026-01-01', models: {} } as const;
  const policy = EgressPolicy.parse({
    allowAddresses: ['127.0.0.0/8'],
    limits: smallEgressLimits,
    ...probe.policy,
  });
  const broker = openBroker(
    { egress: { resolver, dialer, credentials, prices }, clock: systemClock },
    {
      policy,
      modelKey: 'placeholder',
      onRecord: async (record) => void records.push(record),
    },
  );
  const verdict = await runSandbox(
    { sandbox: await testSandbox(), clock: systemClock },
    {
      taskId,
      ownerId: `egress-${process.pid}`,
      image: probe.image,
      runtime: probe.runtime,
      limits,
      bundle: () => inputBundle(input),
      broker,
      onEvent: (event) => void events.push(event),
      signal: new AbortController().signal,
    },
  );
  return {
    verdict,
    records,
    said: saidIn(events),
    reached: [...resolver.asked, ...dialer.dialled],
  };
}

function saidIn(events: readonly SandboxEvent[]): unknown[] {
  const lines = events.flatMap((event) =>
    event.type === 'log' && event.stream === 'stdout' ? [event.text] : [],
  );
  return lines.map((line) => JSON.parse(line) as unknown);
}
