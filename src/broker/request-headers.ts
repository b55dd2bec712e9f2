import type { IncomingHttpHeaders } from 'node:http2';

/** Headers to send on, or why none are. */
export type HeaderReading =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string>>;
      readonly bytes: number;
    }
  | { readonly ok: false; readonly reason: HeaderFault };

/** Why headers are refused; stands in the ledger as it is. */
export type HeaderFault =
  | 'header-malformed'
  | 'header-bytes'
  | 'header-upgrade'
  | 'header-framing'
  | 'header-host';

const token = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** RFC 9110, 5.5, without bytes above ASCII: CR, LF and NUL would start another header or request. */
const fieldValue = /^[\t\x20-\x7e]*$/;

/** RFC 9110, 7.6.1: meant for the next hop, which is us. And what names the hops before. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'http2-settings',
  'host',
  'expect',
  'forwarded',
  'via',
  'x-real-ip',
];

/**
 * The headers of a request as they may go on, without `Host`, framing and what is meant for a proxy.
 * Refuses `Transfer-Encoding`, doubtful lengths, `Upgrade`, a `Host` that is not `authority`, and
 * characters that could end a line (request smuggling, RFC 9112, 11).
 */
export function readRequestHeaders(
  headers: IncomingHttpHeaders,
  authority: string,
  maxBytes: number,
): HeaderReading {
  const kept: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    const text = Array.isArray(value) ? value.join(', ') : value;
    if (!token.test(name) || !fieldValue.test(text)) return refused('header-malformed');
    const fault = faultOf(name, text, authority);
    if (fault !== undefined) return refused(fault);
    bytes += name.length + text.length + 4;
    if (!isDropped(name)) kept[name] = text;
  }
  return bytes > maxBytes ? refused('header-bytes') : { ok: true, headers: kept, bytes };
}

function refused(reason: HeaderFault): HeaderReading {
  return { ok: false, reason };
}

function faultOf(name: string, value: string, authority: string): HeaderFault | undefined {
  if (name === 'upgrade') return 'header-upgrade';
  if (name === 'transfer-encoding') return 'header-framing';
  // `5, 5` and `+5` are lengths to some servers and not to others.
  if (name === 'content-length' && !/^(?:0|[1-9][0-9]{0,14})$/.test(value)) return 'header-framing';
  if (name === 'host' && value.toLowerCase() !== authority.toLowerCase()) return 'header-host';
  if (name === 'expect' && value.toLowerCase() !== '100-continue') return 'header-malformed';
  return undefined;
}

function isDropped(name: string): boolean {
  return hopByHop.includes(name) || name.startsWith('proxy-') || name.startsWith('x-forwarded-');
}

/** Everything by which a sandbox could say who asks: where we inject a credential there is ours alone. */
const credentialHeaders = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'x-auth-token',
];

/** The headers without any credential. */
export function withoutCredentials(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !credentialHeaders.includes(name)),
  );
}
