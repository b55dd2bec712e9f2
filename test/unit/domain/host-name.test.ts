import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostName, readAuthority, readHostName } from '../../../src/domain/host-name.ts';

describe('a host name', () => {
  test.each([
    ['registry.npmjs.org', 'registry.npmjs.org'],
    ['Registry.NPMjs.ORG', 'registry.npmjs.org'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['r3---sn-x.example', 'r3---sn-x.example'],
    ['1.2.3.4x', '1.2.3.4x'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ])('is read in its one spelling: %s', (text, name) => {
    expect(readHostName(text)).toEqual({ ok: true, name });
  });

  test.each([
    ['127.0.0.1', 'host-ip-literal'],
    ['127.1', 'host-ip-literal'],
    ['2130706433', 'host-ip-literal'],
    ['0177.0.0.1', 'host-ip-literal'],
    ['0x7f.0.0.1', 'host-ip-literal'],
    ['0x7f000001', 'host-ip-literal'],
    ['0X7F.1', 'host-ip-literal'],
    ['a.0x', 'host-ip-literal'],
    ['256.256.256.256', 'host-ip-literal'],
    ['[::1]', 'host-ip-literal'],
    ['::1', 'host-ip-literal'],
    ['[::ffff:127.0.0.1]', 'host-ip-literal'],
    ['[fe80::1%25eth0]', 'host-ip-literal'],
    ['127.0.0.1.', 'host-trailing-dot'],
    ['a.example.', 'host-trailing-dot'],
    ['localhost', 'host-localhost'],
    ['a.LOCALHOST', 'host-localhost'],
    ['redis', 'host-single-label'],
    ['', 'host-malformed'],
    ['.example', 'host-malformed'],
    ['a..example', 'host-malformed'],
    ['-a.example', 'host-malformed'],
    ['a-.example', 'host-malformed'],
    ['a_b.example', 'host-malformed'],
    ['a b.example', 'host-malformed'],
    ['user@a.example', 'host-malformed'],
    ['a.example/x', 'host-malformed'],
    ['a.example#x', 'host-malformed'],
    ['a.example\\x', 'host-malformed'],
    ['a.example\0', 'host-malformed'],
    ['a.example\r\n', 'host-malformed'],
    ['%31%32%37.0.0.example', 'host-malformed'],
    ['%6cocalhost.example', 'host-malformed'],
    ['１２７.０.０.１', 'host-malformed'],
    ['ａ.example', 'host-malformed'],
    ['a。example', 'host-malformed'],
    ['bücher.example', 'host-malformed'],
    ['ⓔxample.example', 'host-malformed'],
    ['\u212a.example', 'host-malformed'], // KELVIN SIGN: lower case would make of it a k
    [`${'a'.repeat(64)}.example`, 'host-malformed'],
    [`${'a.'.repeat(127)}aa`, 'host-malformed'],
    ['xn--a.example', 'host-idna'],
    ['xn--ls8h=.example', 'host-malformed'],
    ['xn--example-.example', 'host-malformed'],
    ['xn--abc.example', 'host-idna'],
  ])('is refused: %j', (text, reason) => {
    expect(readHostName(text)).toEqual({ ok: false, reason });
  });

  test('is never anything that the URL parser takes for an address or for another host', () => {
    const alphabet = fc.constantFrom(...'0123456789abcdefx.-:[]%１。'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 20 }), (text) => {
        const reading = readHostName(text);
        if (!reading.ok) return;
        expect(new URL(`http://${text}/`).hostname).toBe(reading.name);
        expect(/^[\d.]+$|^\[/.test(new URL(`http://${text}/`).hostname)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('stands in a rule in its one spelling only', () => {
    expect(HostName.safeParse('a.example').success).toBe(true);
    expect(HostName.safeParse('A.example').success).toBe(false);
    expect(HostName.safeParse('127.0.0.1').success).toBe(false);
  });
});

describe('an authority', () => {
  test.each([
    ['a.example', undefined],
    ['a.example:80', 80],
    ['a.example:65535', 65_535],
  ])('is read: %s', (text, port) => {
    expect(readAuthority(text)).toEqual({ ok: true, name: 'a.example', port });
  });

  test.each([
    ['a.example:', 'port-malformed'],
    ['a.example:0', 'port-malformed'],
    ['a.example:080', 'port-malformed'],
    ['a.example:+80', 'port-malformed'],
    ['a.example:65536', 'port-malformed'],
    ['a.example:٨٠', 'port-malformed'],
    ['a.example: 80', 'port-malformed'],
    ['a.example:80:80', 'host-ip-literal'],
    ['[::1]:80', 'host-ip-literal'],
    ['[a.example]:80', 'host-ip-literal'],
    ['user:pass@a.example', 'host-single-label'],
    ['a.b:pass@a.example', 'port-malformed'],
    ['127.0.0.1:80', 'host-ip-literal'],
    ['redis:6379', 'host-single-label'],
  ])('is refused: %s', (text, reason) => {
    expect(readAuthority(text)).toEqual({ ok: false, reason });
  });
});
