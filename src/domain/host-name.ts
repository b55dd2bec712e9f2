import { domainToASCII, domainToUnicode } from 'node:url';
import { z } from 'zod';

/** RFC 1035, 2.3.4: octets of a name as text, and of a label. */
const maxNameLength = 253;

/** Why a host is not taken; stands in the ledger as it is. */
export type HostFault =
  | 'host-malformed'
  | 'host-ip-literal'
  | 'host-trailing-dot'
  | 'host-single-label'
  | 'host-localhost'
  | 'host-idna';

/** A host in its one spelling, or why there is none. */
export type HostReading =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly reason: HostFault };

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** A last label that resolvers of the WHATWG kind read as a number make the whole name an address. */
const numericLabel = /^(?:[0-9]+|0x[0-9a-f]*)$/;

/**
 * Reads a host name: ASCII letters are lowered, nothing else is repaired.
 * Refuses addresses in every spelling (dotted, short, decimal, octal, hexadecimal, IPv6), a trailing
 * dot, single labels (search domains, container names), `localhost`, percent escapes, characters
 * outside ASCII (full-width digits, ideographic dots) and Punycode that is not in its one form.
 */
export function readHostName(text: string): HostReading {
  if (text.includes(':') || text.startsWith('[')) return refused('host-ip-literal');
  const name = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (name.length === 0 || name.length > maxNameLength) return refused('host-malformed');
  // One name, one spelling: `a.example.` would be another cookie jar, certificate and Host.
  if (name.endsWith('.')) return refused('host-trailing-dot');
  const labels = name.split('.');
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (numericLabel.test(last)) return refused('host-ip-literal');
  if (!labels.every((part) => label.test(part))) return refused('host-malformed');
  if (last === 'localhost') return refused('host-localhost');
  if (labels.length < 2) return refused('host-single-label');
  return labels.every(isPlainOrCanonical) ? { ok: true, name } : refused('host-idna');
}

function refused(reason: HostFault): HostReading {
  return { ok: false, reason };
}

/** RFC 5891, 4.4: Punycode has to decode, and to encode to itself again. */
function isPlainOrCanonical(part: string): boolean {
  if (!part.startsWith('xn--')) return true;
  const unicode = domainToUnicode(part);
  return unicode !== '' && unicode !== part && domainToASCII(unicode) === part;
}

/** A host name in its one spelling; what `readHostName` repairs is refused here. */
export const HostName = z.string().refine((text) => {
  const reading = readHostName(text);
  return reading.ok && reading.name === text;
}, 'must be a lower-case host name of two labels or more, not an address');

/** A host and a port as an `:authority` has them. */
export type AuthorityReading =
  | { readonly ok: true; readonly name: string; readonly port: number | undefined }
  | { readonly ok: false; readonly reason: HostFault | 'port-malformed' };

/** Reads `host` or `host:port`. Refuses user information, brackets and ports that are not 1–65535. */
export function readAuthority(text: string): AuthorityReading {
  const colon = text.indexOf(':');
  if (colon !== text.lastIndexOf(':') || text.startsWith('['))
    return { ok: false, reason: 'host-ip-literal' };
  const host = readHostName(colon === -1 ? text : text.slice(0, colon));
  if (!host.ok) return host;
  if (colon === -1) return { ok: true, name: host.name, port: undefined };
  const digits = text.slice(colon + 1);
  const port = /^[1-9][0-9]{0,4}$/.test(digits) ? Number(digits) : 0;
  return port >= 1 && port <= 65_535
    ? { ok: true, name: host.name, port }
    : { ok: false, reason: 'port-malformed' };
}
