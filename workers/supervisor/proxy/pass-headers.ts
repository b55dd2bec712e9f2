import type { IncomingHttpHeaders } from 'node:http';
import type { IncomingHttpHeaders as StreamHeaders } from 'node:http2';

/** RFC 9110, 7.6.1, and RFC 9113, 8.2.2: between two hops only; HTTP/2 refuses most of them. */
const hopByHop: readonly string[] = [
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The wire takes 32 pairs, four of which are its own; one more and it breaks for everybody. */
const maxHeaderPairs = 28;
/** The wire takes 16 KiB, where each pair counts for 32 bytes more than its text (RFC 9113, 6.5.2). */
export const maxHeaderBytes = 12 * 1024;

const token = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
const fieldValue = /^[\t\x20-\x7e]*$/;

/** Headers as they may go onto the wire; undefined when they are too many or not ASCII. */
export function requestHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined {
  const nominated = nominatedBy(headers.connection);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'host' || hopByHop.includes(name)) continue;
    if (nominated.includes(name)) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (!token.test(name) || !fieldValue.test(text)) return undefined;
    kept[name] = text;
  }
  return Object.keys(kept).length > maxHeaderPairs ? undefined : kept;
}

/** Headers of an answer as HTTP/1.1 has them. */
export function answerHeaders(headers: StreamHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':') || hopByHop.includes(name)) continue;
    kept[name] = value;
  }
  return kept;
}

/** `Connection: x-mine` makes `x-mine` hop-by-hop too. */
function nominatedBy(connection: string | undefined): readonly string[] {
  return (connection ?? '').toLowerCase().split(/\s*,\s*/);
}
