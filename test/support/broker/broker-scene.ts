import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  performServerHandshake,
} from 'node:http2';
import { duplexPair } from 'node:stream';
import {
  type Broker,
  type BrokerOptions,
  createBroker,
} from '../../../src/broker/create-broker.ts';
import type { EgressRecord } from '../../../src/broker/egress-record.ts';
import { ModelMeters } from '../../../src/broker/model-meters.ts';
import { EgressPolicy } from '../../../src/policy/egress-policy.ts';
import { systemClock } from '../../../src/system-clock.ts';
import { sessionOptions } from '../../../src/wire/session-options.ts';
import { sessionTransport } from '../../../src/wire/session-transport.ts';
import { FakeResolver, LoopbackDialer } from './loopback-dialer.ts';

/** Ceilings small enough to be reached within a test. */
export const smallEgressLimits = {
  networkBytes: 4 * 1024 * 1024,
  requests: 200,
  connections: 100,
  concurrent: 8,
  headerBytes: 8 * 1024,
  bodyBytes: 1024 * 1024,
};

/** What a test says of its broker; the rest is as harmless as it can be. */
export interface SceneOptions extends Partial<Omit<BrokerOptions, 'policy'>> {
  readonly policy?: object;
  readonly limits?: object;
  /** Names and the addresses of each look-up; loopback for `upstream.example` unless told. */
  readonly names?: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly ca?: string;
}

/** A broker behind a real HTTP/2 session, and the sandbox's end of it. */
export interface Scene {
  readonly broker: Broker;
  readonly session: ClientHttp2Session;
  readonly records: EgressRecord[];
  readonly reached: string[];
  readonly models: ModelMeters;
  readonly dialer: LoopbackDialer;
  readonly resolver: FakeResolver;
  /** Streams of the sandbox that the broker's side of the wire still has. */
  readonly openStreams: ReadonlySet<unknown>;
  close(): void;
}

/** Builds a broker and connects to it, with the wire's own session options on the broker's side. */
export function openScene(options: SceneOptions = {}): Scene {
  const records: EgressRecord[] = [];
  const reached: string[] = [];
  const dialer = new LoopbackDialer(options.ca);
  const models = options.models ?? new ModelMeters();
  const resolver = new FakeResolver(options.names ?? { 'upstream.example': [['127.0.0.1']] });
  const { policy, limits, names: _names, ca: _ca, ...rest } = options;
  const broker = createBroker({
    policy: EgressPolicy.parse({
      allowAddresses: ['127.0.0.0/8'],
      limits: { ...smallEgressLimits, ...limits },
      ...policy,
    }),
    resolver,
    dialer,
    credentials: new Map(),
    models,
    modelKey: 'placeholder',
    prices: { version: 1, asOf: '2026-01-01', models: {} },
    record: async (record) => void records.push(record),
    onLimit: (limit) => reached.push(limit),
    clock: systemClock,
    signal: new AbortController().signal,
    ...rest,
  });
  const [near, far] = duplexPair();
  const server = performServerHandshake(sessionTransport(near), sessionOptions);
  server.on('error', () => undefined);
  server.setLocalWindowSize(1024 * 1024);
  const openStreams = new Set<unknown>();
  server.on('stream', (stream, headers) => {
    openStreams.add(stream);
    stream.on('close', () => openStreams.delete(stream));
    stream.on('error', () => undefined);
    broker.onEgress(stream, headers);
  });
  const session = connect('http://sallyport.internal', { createConnection: () => far });
  session.on('error', () => undefined);
  const close = (): void => {
    session.destroy();
    server.destroy();
  };
  return { broker, session, records, reached, models, dialer, resolver, openStreams, close };
}

/** What came back. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly rstCode: number;
}

/** Sends one plain request and waits for its end. */
export function ask(
  session: ClientHttp2Session,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { authority, path } = splitUrl(url);
  const stream = session.request(
    {
      ':method': options.method ?? 'GET',
      ':scheme': 'http',
      ':authority': authority,
      ':path': path,
      ...options.headers,
    },
    { endStream: options.body === undefined },
  );
  if (options.body !== undefined) stream.end(options.body);
  return answerOf(stream);
}

/** Collects what a stream answers. */
export function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let headers: Record<string, unknown> = {};
  let body = '';
  stream.setEncoding('utf8');
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('data', (text: string) => {
    body += text;
  });
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.on('close', () => {
      const status = headers[':status'] as number | undefined;
      resolve({ status, headers, body, rstCode: stream.rstCode ?? 0 });
    });
  });
}

/** Not `new URL`: it would repair what a hostile client sends. */
function splitUrl(url: string): { authority: string; path: string } {
  const [, authority = '', path = ''] = /^http:\/\/([^/]*)(.*)$/.exec(url) ?? [];
  return { authority, path };
}
