import { type IncomingMessage, request } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Broker, BrokerOptions } from '../../../../src/broker/create-broker.ts';

/**
 * A proxy as many are: reads with the URL parser, which repairs; looks a name up to check it and again to
 * connect; tunnels whatever comes; follows redirects. It has no rules and keeps no record.
 */
export function naiveBroker(options: BrokerOptions): Broker {
  return {
    onEgress: (stream, headers) => {
      stream.on('error', () => undefined);
      forward(options, stream, headers).catch(() => {
        if (!stream.destroyed && !stream.headersSent) stream.respond({ ':status': 502 });
        stream.end();
      });
    },
    usage: () => {
      throw new Error('nothing is counted');
    },
    idle: async () => undefined,
  };
}

async function forward(
  options: BrokerOptions,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const url = new URL(`http://${headers[':authority']}${headers[':path'] ?? '/'}`);
  const socket = await connectTo(options, url);
  if (headers[':method'] === 'CONNECT') {
    stream.respond({ ':status': 200 });
    stream.pipe(socket).pipe(stream);
    return;
  }
  const answer = await send(socket, url, { stream, headers });
  const { location } = answer.headers;
  if (location !== undefined) return forward(options, stream, redirected(location));
  stream.respond({ ':status': answer.statusCode ?? 502 });
  answer.pipe(stream);
}

function redirected(location: string): IncomingHttpHeaders {
  const { host, pathname } = new URL(location);
  return { ':method': 'GET', ':authority': host, ':path': pathname };
}

async function connectTo({ resolver, dialer, signal }: BrokerOptions, url: URL): Promise<Duplex> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family === 0) await resolver.resolve(host, signal);
  const [found] = family === 0 ? await resolver.resolve(host, signal) : [];
  const address = found ?? { address: host, family: family === 6 ? 6 : 4 };
  const socket = await dialer.connect({ address, port: Number(url.port || 80) }, signal);
  return socket.on('error', () => undefined);
}

function send(
  socket: Duplex,
  url: URL,
  {
    stream,
    headers,
  }: { readonly stream: ServerHttp2Stream; readonly headers: IncomingHttpHeaders },
): Promise<IncomingMessage> {
  const plain = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
  const sent = request({
    createConnection: () => socket,
    method: String(headers[':method']),
    path: url.pathname + url.search,
    headers: { host: url.host, ...Object.fromEntries(plain) },
  });
  stream.pipe(sent);
  return new Promise((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
}
