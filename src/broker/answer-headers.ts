import type { IncomingMessage } from 'node:http';
import { EgressEnded } from './egress-ended.ts';

/** RFC 9113, 8.2.2: these may not stand in HTTP/2; and what would set the sandbox's client on another way. */
const dropped = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'transfer-encoding',
  'upgrade',
  'trailer',
  'alt-svc',
  'http2-settings',
];

/** Most headers of an answer: each costs the wire's header block some bytes more than its text. */
const maxPairs = 96;

/** What starts so is between control plane and sandbox: an upstream has no word in it. */
const ownHeaders = 'sallyport-';

const fieldValue = /^[\t\x20-\x7e]*$/;

/**
 * The headers of an upstream's answer as they may go to the sandbox, and what they count.
 * @throws EgressEnded `answer-headers` above `maxBytes`: the wire itself would break.
 */
export function answerHeaders(
  answer: IncomingMessage,
  maxBytes: number,
): { readonly headers: Record<string, string | string[]>; readonly bytes: number } {
  const nominated = (answer.headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const kept: Record<string, string | string[]> = {};
  let bytes = 0;
  let pairs = 0;
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || dropped.includes(name) || nominated.includes(name)) continue;
    if (name.startsWith(ownHeaders)) continue;
    const values = [value].flat().filter((text) => fieldValue.test(text));
    if (values.length === 0) continue;
    kept[name] = Array.isArray(value) ? values : (values[0] ?? '');
    pairs += values.length;
    bytes += values.reduce((sum, text) => sum + name.length + text.length + 4, 0);
  }
  if (pairs > maxPairs || bytes > maxBytes) throw new EgressEnded('answer-headers');
  return { headers: kept, bytes };
}
