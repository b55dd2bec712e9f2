import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { type Duplex, duplexPair, Readable } from 'node:stream';
import type { Limits } from '../../../src/domain/limits.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { controlAuthority, routes } from '../../../src/protocol/wire.ts';
import type { SandboxResult } from '../../../src/wire/receive-result.ts';
import { serveWire } from '../../../src/wire/serve-wire.ts';
import type { WireTask } from '../../../src/wire/wire-task.ts';
import { smallLimits } from '../sandbox/small-limits.ts';

/** A control plane that serves one task, and the other end of its wire in a test's hands. */
export type Served = {
  readonly outcome: Promise<SandboxResult>;
  readonly wire: Duplex;
  readonly events: SandboxEvent[];
};

/** Serves one task over a pair of streams in memory. */
export function serve(task: Partial<WireTask> = {}, limits: Partial<Limits> = {}): Served {
  const [near, far] = duplexPair();
  const events: SandboxEvent[] = [];
  const outcome = serveWire(near, {
    bundle: () => Readable.from([Buffer.from('the input')]),
    limits: { ...smallLimits, ...limits },
    onEvent: (event) => void events.push(event),
    signal: new AbortController().signal,
    ...task,
  });
  // Each test awaits it; until then a refusal must not count as nobody's.
  outcome.catch(() => undefined);
  far.on('error', () => undefined);
  // As in a container: what one side destroys, the other sees end.
  near.on('close', () => void far.destroy());
  far.on('close', () => void near.destroy());
  return { outcome, wire: far, events };
}

/** A session of the sandbox's side, which takes every fault calmly. */
export function speak(wire: Duplex): ClientHttp2Session {
  const session = connect(`http://${controlAuthority}`, { createConnection: () => wire });
  session.on('error', () => undefined);
  return session;
}

/** Sends one request with any headers and body; its status, or undefined when it was broken off. */
export function request(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Uint8Array | Readable,
): Promise<number | undefined> {
  const stream = session.request(
    { ':authority': controlAuthority, ...headers },
    { endStream: false },
  );
  stream.on('error', () => undefined);
  stream.resume();
  if (body instanceof Readable) body.on('error', () => undefined).pipe(stream);
  else stream.end(body);
  let status: number | undefined;
  stream.on('response', (answer) => {
    status = answer[':status'];
  });
  return new Promise((resolve) => stream.on('close', () => resolve(status)));
}

/** Posts a result and says what was answered. */
export function post(
  session: ClientHttp2Session,
  body: string | Uint8Array | Readable,
): Promise<number | undefined> {
  return request(session, { ':method': 'POST', ':path': routes.result }, body);
}

/** A manifest without faults. */
export const manifest = {
  protocol: 2,
  agent: { exitCode: 0, signal: null, timedOut: false },
  report: { findings: [], tools: [], toolErrors: [] },
  reportError: null,
  changes: [] as unknown[],
};

/** A result body: the manifest with `part` in it, then `bytes`. */
export function resultOf(part: object, bytes = ''): string {
  return `${JSON.stringify({ ...manifest, ...part })}\n${bytes}`;
}

/** A `write` of a path. */
export function write(path: string, bytes = 0): object {
  return { kind: 'write', path, executable: false, bytes };
}
