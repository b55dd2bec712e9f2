import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOf } from '../domain/ids.ts';
import { sentinelMark } from '../protocol/containment.ts';

/** What is put where a sandbox must not find or reach it. */
export interface Bait {
  /** Lies in this process's environment and memory, and nowhere else. */
  readonly sentinelDigest: Digest;
  /** Loopback ports of the host. */
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Name of an abstract unix socket of the host's network namespace. */
  readonly abstractSocket: string;
  /** A path in a folder of this process's own: code of a sandbox that ran here would make it. */
  readonly marker: string;
  isMarked(): boolean;
  /** Connections and datagrams that came in so far. */
  visits(): number;
  close(): Promise<void>;
}

/** Puts a variable into this process's environment and returns how to take it out again. */
export type Plant = (name: string, value: string) => () => void;

/** Lays out the bait: listeners on the host's loopback, and a sentinel in the environment. */
export async function layBait(plant: Plant): Promise<Bait> {
  let visits = 0;
  const visit = (): void => {
    visits += 1;
  };
  const word = `${sentinelMark.join('-')}-${randomBytes(16).toString('hex')}`;
  const uproot = plant('SALLYPORT_SENTINEL', word);
  const abstractSocket = `sallyport-${randomBytes(8).toString('hex')}`;
  const tcp = await listen(visit, { host: '127.0.0.1', port: 0 });
  const abstract = await listen(visit, { path: `\0${abstractSocket}` });
  const udp = await listenForDatagrams(visit);
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-doctor-'));
  const marker = join(folder, 'ran-on-the-host');
  return {
    marker,
    isMarked: () => existsSync(marker),
    sentinelDigest: digestOf(word),
    tcpPort: (tcp.address() as AddressInfo).port,
    udpPort: udp.address().port,
    abstractSocket,
    visits: () => visits,
    close: async () => {
      uproot();
      udp.close();
      await rm(folder, { recursive: true, force: true });
      await Promise.all([tcp, abstract].map((server) => closed(server)));
    },
  };
}

async function listen(visit: () => void, where: object): Promise<Server> {
  const server = createServer((socket) => {
    visit();
    socket.destroy();
  });
  server.listen(where);
  await once(server, 'listening');
  return server;
}

async function listenForDatagrams(visit: () => void): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('message', visit);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
