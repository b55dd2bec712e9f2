import type { Speech } from '../../../protocol/containment.ts';
import { extension, makeHello, serverNames } from '../../egress/make-hello.ts';
import { suiteModelKey } from '../../egress/way-out.ts';

/** Ports of the sandbox's proxy: for anything, and for models. The supervisor has them fixed. */
const [proxyPort, modelPort] = [3128, 3129];

/** The bytes of a request to the proxy, its target as it is: nothing is repaired. */
export function requestTo(
  target: string,
  {
    method = 'GET',
    headers = [],
    body = '',
  }: {
    readonly method?: string;
    readonly headers?: readonly string[];
    readonly body?: string;
  } = {},
): string {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const hasHost = headers.some((header) => /^host:/i.test(header));
  const host = hasHost ? [] : ['Host: proxy.invalid'];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...host,
    'Connection: close',
    ...headers,
    ...length,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** One request to the proxy. */
export function ask(...request: Parameters<typeof requestTo>): Speech {
  return { port: proxyPort, pieces: [requestTo(...request)] };
}

/** One request to the port for models, with the suite's key unless there is one among the headers. */
export function askModel(
  path: string,
  { headers = [], body }: { readonly headers?: readonly string[]; readonly body: unknown },
): Speech {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const hasKey = headers.some((header) => /^(?:x-api-key|authorization):/i.test(header));
  const key = hasKey ? [] : [`X-Api-Key: ${suiteModelKey}`];
  const json = ['Content-Type: application/json', ...key, ...headers];
  return {
    port: modelPort,
    pieces: [requestTo(path, { method: 'POST', headers: json, body: text })],
  };
}

/** A CONNECT, and what is said once the tunnel stands. */
export function tunnel(authority: string, ...then: readonly (string | Buffer)[]): Speech {
  const connect = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
  return { port: proxyPort, pieces: [connect, ...then.map(latin1)] };
}

function latin1(piece: string | Buffer): string {
  return typeof piece === 'string' ? piece : piece.toString('latin1');
}

/** A ClientHello for these names, with more extensions if told. */
export function helloFor(names: readonly string[], ...more: readonly number[]): Buffer {
  const others = more.map((type) => extension(type, Buffer.alloc(8, 1)));
  return makeHello([...(names.length > 0 ? [serverNames(names)] : []), ...others]);
}
