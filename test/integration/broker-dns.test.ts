import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { DnsResolver } from '../../src/adapters/net/dns-resolver.ts';

let server: Socket | undefined;

afterEach(() => server?.close());

const a = 1;
const aaaa = 28;

/** A DNS server on loopback: a response code, or addresses by record type. */
async function serveDns(answer: (name: string, type: number) => number | readonly Buffer[]) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  server = socket;
  socket.on('message', (query, peer) => {
    const end = query.indexOf(0, 12);
    const name = nameOf(query.subarray(12, end));
    const type = query.readUInt16BE(end + 1);
    asked.push(name);
    const found = answer(name, type);
    const records = typeof found === 'number' ? [] : found;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 + (typeof found === 'number' ? found : 0), 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt16BE(0, 10);
    const rows = records.map((data) =>
      Buffer.concat([Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]), data]),
    );
    const question = query.subarray(12, end + 5);
    socket.send(Buffer.concat([header, question, ...rows]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  return { resolver: new DnsResolver({ servers: [`127.0.0.1:${port}`] }), asked };
}

function nameOf(labels: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at < labels.length; at += (labels[at] ?? 0) + 1)
    parts.push(labels.toString('latin1', at + 1, at + 1 + (labels[at] ?? 0)));
  return parts.join('.');
}

const signal = new AbortController().signal;

describe('the resolver', () => {
  test('gives every address of both families', async () => {
    const { resolver } = await serveDns((_, type) =>
      type === a
        ? [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])]
        : [Buffer.from('20010db8000000000000000000000001', 'hex')],
    );
    expect(await resolver.resolve('a.example', signal)).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  test('gives none for a name that is not, and asks for no other name', async () => {
    const { resolver, asked } = await serveDns(() => 3);
    expect(await resolver.resolve('no.example', signal)).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['no.example']));
  });

  test('fails when one family could not be looked up: its addresses were not checked', async () => {
    const { resolver } = await serveDns((_, type) =>
      type === aaaa ? 2 : [Buffer.from([192, 0, 2, 1])],
    );
    await expect(resolver.resolve('a.example', signal)).rejects.toThrow('a.example');
  });

  test('ends with its signal', async () => {
    const { resolver } = await serveDns(() => []);
    await expect(
      resolver.resolve('a.example', AbortSignal.abort(new Error('over'))),
    ).rejects.toThrow('over');
  });
});
