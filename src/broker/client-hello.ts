import { ByteCursor } from './byte-cursor.ts';

/** What the first bytes of a tunnel are. */
export type HelloReading =
  | { readonly status: 'incomplete' }
  | { readonly status: 'refused'; readonly reason: HelloFault }
  /** The one server name, as sent. */
  | { readonly status: 'hello'; readonly serverName: string };

/** Why the first bytes are refused; stands in the ledger as it is. */
export type HelloFault =
  | 'tls-not-tls'
  | 'tls-malformed'
  | 'tls-too-long'
  | 'tls-no-sni'
  | 'tls-several-sni'
  | 'tls-ech';

/** Longest ClientHello and longest record taken, in bytes: ten times one with post-quantum keys. */
const maxHelloBytes = 16_384;

/** Records that a ClientHello may be cut into: more is an evasion, not a small buffer. */
const maxRecords = 16;

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
/** RFC 9849 with its drafts, and their forerunner: the name in the clear is not the one that counts. */
const echExtensions = [0xfe0d, 0xfd00, 0xfe08, 0xfe09, 0xfe0a, 0xfe0b, 0xfe0c, 0xffce];

/**
 * Reads the ClientHello at the start of a tunnel, from as many bytes as have come. Never throws, and
 * never asks for more than 33 kB.
 * Refuses whatever is not one ClientHello with exactly one host name: SSLv2 hellos, other
 * protocols, lengths that do not add up, repeated extensions, a second message in the records,
 * Encrypted Client Hello, its GREASE included (RFC 8446, RFC 6066).
 */
export function readClientHello(bytes: Buffer): HelloReading {
  const message = handshakeOf(bytes);
  if ('status' in message) return message;
  const extensions = extensionsOf(message.body);
  if (extensions === undefined) return refused('tls-malformed');
  if (echExtensions.some((type) => extensions.has(type))) return refused('tls-ech');
  const names = extensions.get(serverNameExtension);
  return names === undefined ? refused('tls-no-sni') : serverNameOf(names);
}

function refused(reason: HelloFault): HelloReading {
  return { status: 'refused', reason };
}

/** The first handshake message, put together from its records. */
function handshakeOf(bytes: Buffer): HelloReading | { readonly body: Buffer } {
  const cursor = new ByteCursor(bytes);
  const fragments: Buffer[] = [];
  for (let records = 0; records < maxRecords; records += 1) {
    const record = nextRecord(cursor);
    if ('status' in record) return record;
    fragments.push(record.fragment);
    const message = Buffer.concat(fragments);
    const length = message.length < 4 ? undefined : message.readUIntBE(1, 3);
    if (message[0] !== clientHello) return refused('tls-not-tls');
    if (length === undefined) continue;
    if (length + 4 > maxHelloBytes) return refused('tls-too-long');
    // What follows in the same record would be a message that nobody looked at.
    if (message.length > length + 4) return refused('tls-malformed');
    if (message.length === length + 4) return { body: message.subarray(4) };
  }
  return refused('tls-malformed');
}

function nextRecord(cursor: ByteCursor): HelloReading | { readonly fragment: Buffer } {
  const type = cursor.number(1);
  if (type === undefined) return { status: 'incomplete' };
  if (type !== handshakeRecord) return refused('tls-not-tls');
  const major = cursor.number(1);
  if (major !== undefined && major !== 3) return refused('tls-not-tls');
  const minor = cursor.number(1);
  const length = cursor.number(2);
  if (minor === undefined || length === undefined) return { status: 'incomplete' };
  if (minor > 4) return refused('tls-not-tls');
  if (length === 0 || length > maxHelloBytes) return refused('tls-malformed');
  const fragment = cursor.piece(length);
  return fragment === undefined ? { status: 'incomplete' } : { fragment };
}

/** Extensions by type; undefined where the message does not add up or names one twice. */
function extensionsOf(body: Buffer): ReadonlyMap<number, Buffer> | undefined {
  const cursor = new ByteCursor(body);
  const found = new Map<number, Buffer>();
  const version = cursor.number(2);
  const random = cursor.piece(32);
  const session = cursor.vector(1);
  const ciphers = cursor.vector(2);
  const compressions = cursor.vector(1);
  if (version === undefined || version < 0x0301 || version > 0x0304) return undefined;
  if (random === undefined || session === undefined || session.length > 32) return undefined;
  if (ciphers === undefined || ciphers.length < 2 || ciphers.length % 2 === 1) return undefined;
  if (compressions === undefined || compressions.length === 0) return undefined;
  if (cursor.isAtEnd) return found;
  const block = cursor.vector(2);
  if (block === undefined || !cursor.isAtEnd) return undefined;
  const extensions = new ByteCursor(block);
  while (!extensions.isAtEnd) {
    const type = extensions.number(2);
    const content = extensions.vector(2);
    if (type === undefined || content === undefined || found.has(type)) return undefined;
    found.set(type, content);
  }
  return found;
}

/** RFC 6066, 3: a list with one entry of type host_name, in ASCII. */
function serverNameOf(extension: Buffer): HelloReading {
  const outer = new ByteCursor(extension);
  const list = outer.vector(2);
  if (list === undefined || !outer.isAtEnd) return refused('tls-malformed');
  const names = new ByteCursor(list);
  const type = names.number(1);
  const name = names.vector(2);
  if (type !== 0 || name === undefined || name.length === 0) return refused('tls-malformed');
  if (!names.isAtEnd) return refused('tls-several-sni');
  if (name.some((byte) => byte <= 0x20 || byte >= 0x7f)) return refused('tls-malformed');
  return { status: 'hello', serverName: name.toString('latin1') };
}
