import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressGuard } from '../../../src/broker/address-check.ts';

const guard = new AddressGuard({ allow: [], refuse: [] });
const judge = (address: string, family: 4 | 6 = address.includes(':') ? 6 : 4) =>
  guard.check({ address, family });

describe('an address', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '168.63.129.17',
    '223.255.255.255',
    '2606:4700::1',
    '2a00::1',
    '64:ff9b::101:101',
    '64:ff9b::1.1.1.1',
  ])('that everybody may reach is reachable: %s', (address) => {
    expect(judge(address)).toEqual({ ok: true, isOperators: false });
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::7f00:1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::FFFF:A9FE:A9FE',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::',
    '64:ff9b:0:0:0:0:c0a8:101',
    '64:ff9b:1::101:101',
    '100::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:2::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ])('that not everybody may reach is refused: %s', (address) => {
    expect(judge(address)).toEqual({ ok: false, reason: 'address-not-public' });
  });

  test.each([
    ['', 4],
    ['0177.0.0.1', 4],
    ['0x7f.1', 4],
    ['127.1', 4],
    ['2130706433', 4],
    ['1.1.1.1', 6],
    ['::1', 4],
    ['fe80::1%eth0', 6],
    ['2606:4700::1%1', 6],
    ['localhost', 4],
    ['1.1.1.1 ', 4],
  ] as const)('that is none is refused: %j as IPv%i', (address, family) => {
    expect(judge(address, family)).toEqual({ ok: false, reason: 'address-malformed' });
  });

  test('of the operator is reachable once it is opened, and only it', () => {
    const own = new AddressGuard({ allow: ['10.1.0.0/16', '::1/128', 'fd12::/16'], refuse: [] });
    const of = (address: string) =>
      own.check({ address, family: address.includes(':') ? 6 : 4 }).ok;
    expect(['10.1.2.3', '::1', 'fd12::5'].map(of)).toEqual([true, true, true]);
    expect(['10.2.0.1', '::ffff:10.1.2.3', '64:ff9b::a01:203', 'fd13::1'].map(of)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('that the operator refuses is refused, though it is public or opened', () => {
    const own = new AddressGuard({ allow: ['10.0.0.0/8'], refuse: ['10.1.0.0/16', '8.8.8.0/24'] });
    const reason = 'address-by-policy';
    expect(own.check({ address: '10.1.1.1', family: 4 })).toEqual({ ok: false, reason });
    expect(own.check({ address: '8.8.8.8', family: 4 })).toEqual({ ok: false, reason });
  });

  test('is judged alike in every spelling, and by what a translator makes of it', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (number) => {
        const [a, b, c, d] = [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff);
        const plain = judge(`${a}.${b}.${c}.${d}`);
        expect(judge(`64:ff9b::${a}.${b}.${c}.${d}`).ok).toBe(plain.ok);
        expect(judge(`::ffff:${a}.${b}.${c}.${d}`).ok).toBe(false);
        const hex = `${((number >>> 16) & 0xffff).toString(16)}:${(number & 0xffff).toString(16)}`;
        expect(judge(`64:ff9b:0:0:0:0:${hex}`).ok).toBe(plain.ok);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is never judged by an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()),
        fc.constantFrom(4, 6),
        (text, family) => {
          expect(typeof judge(text, family).ok).toBe('boolean');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
