import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { allCases } from '../../../src/doctor/cases/all-cases.ts';
import { NotingDialer } from '../../../src/doctor/egress/noting-dialer.ts';
import { TableResolver } from '../../../src/doctor/egress/table-resolver.ts';
import { headSnapshot } from '../../../src/doctor/head-snapshot.ts';
import { groupsOf } from '../../../src/doctor/run-suite.ts';

const { signal } = new AbortController();

describe("the suite's resolver", () => {
  it('gives the next answer each time, the last for ever, and remembers what it was asked', async () => {
    const resolver = new TableResolver({
      'a.example': [['127.0.0.1'], ['192.0.2.1', '2001:db8::1']],
    });
    expect(await resolver.resolve('a.example')).toEqual([{ address: '127.0.0.1', family: 4 }]);
    const second = [
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ];
    expect(await resolver.resolve('a.example')).toEqual(second);
    expect(await resolver.resolve('a.example')).toEqual(second);
    expect(await resolver.resolve('constructor')).toEqual([]);
    expect(resolver.asked).toEqual(['a.example', 'a.example', 'a.example', 'constructor']);
  });
});

describe("the suite's dialer", () => {
  const inner = { connect: () => Promise.resolve(duplexPair()[0]) };
  const to = (address: string) => ({ address: { address, family: 4 } as const, port: 80 });

  it.each([
    '192.0.2.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '127.0.0.1.example',
    '1127.0.0.1',
  ])('notes %s and does not go there', async (address) => {
    const dialer = new NotingDialer(inner);
    await expect(dialer.connect(to(address), signal)).rejects.toThrow('not dialled');
    expect(dialer.dialled).toEqual([`${address}:80`]);
  });

  it('goes to loopback', async () => {
    await expect(new NotingDialer(inner).connect(to('127.0.0.2'), signal)).resolves.toBeDefined();
  });
});

describe('the tree that results are compared with', () => {
  it('has the files that a case wrote down, and their folders', async () => {
    const snapshot = headSnapshot({ 'a/b.txt': 'text' });
    const kinds = ['a', 'a/b.txt', 'a/c.txt'].map((path) => snapshot.kindInHead(path as never));
    expect(kinds).toEqual(['folder', 'file', undefined]);
    expect(await snapshot.readHead('a/b.txt' as never)).toMatchObject({ executable: false });
    expect(await snapshot.readHead('a' as never)).toBeUndefined();
  });
});

describe('a sandbox of several cases', () => {
  it('has one broker', () => {
    for (const group of groupsOf(allCases(() => ''))) {
      const egress = group.map((one) => (one.kind === 'sandbox' ? one.setup.egress : undefined));
      expect(new Set(egress).size).toBe(1);
    }
  });
});
