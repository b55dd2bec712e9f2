import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClientHello } from '../../../src/broker/client-hello.ts';
import {
  extension,
  inRecords,
  makeHello,
  serverNames,
} from '../../../src/doctor/egress/make-hello.ts';
import { captureHello } from '../../support/broker/client-hellos.ts';

const name = serverNames(['a.example']);
const named = { status: 'hello', serverName: 'a.example' };
/** RFC 8701: what clients put in to keep servers tolerant. */
const grease = extension(0x1a1a, Buffer.from([0]));

describe('a ClientHello', () => {
  test('of a real client is read', async () => {
    expect(readClientHello(await captureHello('a.example'))).toEqual(named);
    expect(readClientHello(await captureHello(undefined))).toEqual({
      status: 'refused',
      reason: 'tls-no-sni',
    });
  });

  test.each([
    ['by hand', makeHello([name])],
    ['with GREASE', makeHello([grease, name, extension(0xfafa, Buffer.alloc(0))])],
    ['cut into records', makeHello([name], { recordBytes: 10 })],
    [
      'with early data behind it',
      Buffer.concat([makeHello([name]), Buffer.from([23, 3, 3, 0, 1, 0])]),
    ],
    ['with a name in capitals', makeHello([serverNames(['a.example'])])],
  ])('is read %s', (_, bytes) => {
    expect(readClientHello(bytes)).toEqual(named);
  });

  test.each<[string, Buffer, string]>([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'tls-not-tls'],
    ['SSH', Buffer.from('SSH-2.0-x\r\n'), 'tls-not-tls'],
    ['an SSLv2 hello', Buffer.from([0x80, 0x2e, 1, 3, 1, 0, 0x15]), 'tls-not-tls'],
    ['a ServerHello', inRecords(Buffer.from([2, 0, 0, 0]), 99), 'tls-not-tls'],
    ['application data', Buffer.from([23, 3, 3, 0, 1, 0]), 'tls-not-tls'],
    ['a record of version 2', Buffer.from([22, 2, 0, 0, 1, 1]), 'tls-not-tls'],
    ['a record of version 3.9', Buffer.from([22, 3, 9, 0, 1, 1]), 'tls-not-tls'],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0]), 'tls-malformed'],
    ['a record that is too long', Buffer.from([22, 3, 1, 0xff, 0xff]), 'tls-malformed'],
    [
      'a message that is too long',
      inRecords(Buffer.from([1, 0xff, 0xff, 0xff]), 99),
      'tls-too-long',
    ],
    ['too many records', makeHello([name], { recordBytes: 1 }), 'tls-malformed'],
    [
      'a second message in the record',
      makeHello([name], { after: Buffer.from([1, 0, 0, 0]) }),
      'tls-malformed',
    ],
    ['no extensions', inRecords(bare(), 999), 'tls-no-sni'],
    ['no name', makeHello([grease]), 'tls-no-sni'],
    ['two names', makeHello([serverNames(['a.example', 'b.example'])]), 'tls-several-sni'],
    ['the extension twice', makeHello([name, serverNames(['b.example'])]), 'tls-malformed'],
    ['an empty list of names', makeHello([serverNames([])]), 'tls-malformed'],
    ['an empty name', makeHello([serverNames([''])]), 'tls-malformed'],
    ['a name of another type', makeHello([serverNames(['a.example'], 1)]), 'tls-malformed'],
    ['a name with NUL', makeHello([serverNames(['a.example\0.b'])]), 'tls-malformed'],
    ['a name with a space', makeHello([serverNames(['a example'])]), 'tls-malformed'],
    ['a name beyond ASCII', makeHello([serverNames(['ü.example'])]), 'tls-malformed'],
    ['more in the extension', makeHello([extension(0, Buffer.alloc(3))]), 'tls-malformed'],
    ['Encrypted Client Hello', makeHello([name, extension(0xfe0d, Buffer.from([0]))]), 'tls-ech'],
    ['its GREASE', makeHello([extension(0xfe0d, Buffer.alloc(200)), name]), 'tls-ech'],
    ['its forerunner', makeHello([name, extension(0xffce, Buffer.alloc(0))]), 'tls-ech'],
    ['an extension that is cut', makeHello([name, Buffer.from([0, 1, 0, 9])]), 'tls-malformed'],
  ])('is refused with %s', (_, bytes, reason) => {
    expect(readClientHello(bytes)).toEqual({ status: 'refused', reason });
  });

  test('is incomplete at every place where it is cut, and never read as another', async () => {
    for (const bytes of [await captureHello('a.example'), makeHello([name], { recordBytes: 20 })])
      for (let end = 0; end < bytes.length; end += 1)
        expect(readClientHello(bytes.subarray(0, end))).toEqual({ status: 'incomplete' });
  });

  test('never throws, whatever comes', async () => {
    const real = await captureHello('a.example');
    const edits = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(edits, fc.nat(real.length), (changes, end) => {
        const bytes = Buffer.from(real);
        for (const [at, byte] of changes) bytes[at] = byte;
        expect(readClientHello(bytes.subarray(0, end)).status).toMatch(
          /^(incomplete|refused|hello)$/,
        );
      }),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reading = readClientHello(inRecords(Buffer.from(bytes), 50));
        expect(reading.status).toMatch(/^(incomplete|refused)$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** A ClientHello that ends after its compressions, as before TLS 1.2. */
function bare(): Buffer {
  const body = Buffer.concat([
    Buffer.from([3, 1]),
    Buffer.alloc(32),
    Buffer.from([0, 0, 2, 0x13, 1, 1, 0]),
  ]);
  return Buffer.concat([Buffer.from([1, 0, 0, body.length]), body]);
}
