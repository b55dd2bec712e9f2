import { once } from 'node:events';
import {
  createServer as createWebServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Where policy lets requests end, and where nothing may arrive. */
export const [openAddress, closedAddress] = ['127.0.0.1', '127.0.0.2'] as const;

/** What came to a listener. Hostile as a whole. */
export interface Visit {
  readonly at: 'open' | 'closed' | 'raw';
  /** `GET /path`, or the first bytes of a connection. */
  readonly what: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Bytes of a body, or of all that came. */
  bytes: number;
}

/** Listeners of the host's loopback that brokers of the suite can go to. */
export interface Upstreams {
  readonly webPort: number;
  readonly rawPort: number;
  readonly visits: readonly Visit[];
  mostOpen(): number;
  close(): Promise<void>;
}

/** A port that is free on one address may be taken on the other. */
const portTries = 20;
const mostText = 200;

/** Opens them. `redirectTo` is where `/redirect` sends whoever asks. */
export async function openUpstreams(redirectTo: (webPort: number) => string): Promise<Upstreams> {
  const visits: Visit[] = [];
  const tell = (visit: Visit): Visit => {
    visits.push(visit);
    return visit;
  };
  const answer = answerer(tell, () => redirectTo(webPort));
  const open = createWebServer((request, response) => answer('open', request, response));
  const closed = createWebServer((request, response) => answer('closed', request, response));
  const webPort = await listenOnBoth(open, closed);
  const raw = createServer((socket) => takeBytes(socket, tell));
  const rawPort = await listen(raw, { host: openAddress, port: 0 });
  const servers = [open, closed, raw];
  const watched = servers.map(watch);
  const counts = connectionsOf(servers);
  return {
    webPort,
    rawPort,
    visits,
    mostOpen: () => counts.most,
    close: async () => {
      for (const sockets of watched) for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(closedOf));
    },
  };
}

function answerer(tell: (visit: Visit) => Visit, redirectTo: () => string) {
  return (at: Visit['at'], request: IncomingMessage, response: ServerResponse): void => {
    const what = `${request.method} ${request.url}`.slice(0, mostText);
    const visit = tell({ at, what, headers: request.headers, bytes: 0 });
    request.on('data', (piece: Buffer) => {
      visit.bytes += piece.length;
    });
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      if (request.url === '/redirect') response.writeHead(302, { location: redirectTo() }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"usage":{}}');
    });
  };
}

function takeBytes(socket: Socket, tell: (visit: Visit) => Visit): void {
  const visit = tell({ at: 'raw', what: '', headers: {}, bytes: 0 });
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    visit.bytes += piece.length;
    // Whatever it was, it got through: that is all there is to say.
    socket.end('taken');
  });
}

/** Two servers on one port number: a name that changes its address keeps its port. */
async function listenOnBoth(open: Server, closed: Server): Promise<number> {
  for (let left = portTries; ; left -= 1) {
    const port = await listen(open, { host: openAddress, port: 0 });
    try {
      await listen(closed, { host: closedAddress, port });
      return port;
    } catch (error) {
      await closedOf(open);
      if (left === 0) throw error;
    }
  }
}

async function listen(server: Server, at: { host: string; port: number }): Promise<number> {
  server.listen(at);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function watch(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  return sockets;
}

function connectionsOf(servers: readonly Server[]): { most: number } {
  const counts = { now: 0, most: 0 };
  for (const server of servers)
    server.on('connection', (socket: Socket) => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      socket.on('close', () => {
        counts.now -= 1;
      });
    });
  return counts;
}

async function closedOf(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
