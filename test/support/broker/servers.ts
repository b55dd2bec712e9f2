import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Certificate } from './certificate.ts';

/** A server on a free port of 127.0.0.1. */
export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves HTTP, or HTTPS with a certificate. */
export function serveHttp(answer: RequestListener, certificate?: Certificate): Promise<Listening> {
  const server =
    certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer);
  return listen(server);
}

/** Starts any server. Closing it drops what is still connected. */
export async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}
