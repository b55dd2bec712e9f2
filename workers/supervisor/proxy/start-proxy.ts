import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ModelLimit } from '../../../src/protocol/usage.ts';
import { forwardRequest } from './forward-request.ts';
import { forwardTunnel } from './forward-tunnel.ts';
import { AgentStreams, type OpenStream } from './open-stream.ts';
import { maxHeaderBytes } from './pass-headers.ts';
import { modelPort, proxyPort } from './proxy-places.ts';
import { readAbsoluteForm, readConnectTarget, readModelPath } from './read-target.ts';

/** Connections that the agent may hold open to each port, idle ones included. */
const maxConnections = 256;
const headersTimeoutMs = 30_000;

/** The agent's way to the broker. It has no rules: it passes on, and the control plane decides. */
export interface AgentProxy {
  readonly proxyPort: number;
  readonly modelPort: number;
  /** Resolves with the first ceiling at which a model is asked in vain. */
  readonly modelLimit: Promise<ModelLimit>;
  /** Breaks off whatever is under way and listens no more. */
  close(): Promise<void>;
}

/** Listens on loopback, on two fixed ports unless told otherwise; resolves when both take connections. */
export async function startProxy(
  open: OpenStream,
  ports: { readonly proxyPort: number; readonly modelPort: number } = { proxyPort, modelPort },
): Promise<AgentProxy> {
  const streams = new AgentStreams(open);
  const reached = Promise.withResolvers<ModelLimit>();
  const plain = makeServer((request, response) =>
    forwardRequest(streams, { request, response }, readAbsoluteForm(request.url ?? '')),
  );
  const models = makeServer((request, response) =>
    forwardRequest(
      streams,
      { request, response, onLimit: reached.resolve },
      readModelPath(request.url ?? ''),
    ),
  );
  const tunnels = new Set<Duplex>();
  plain.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
    forwardTunnel(streams, { socket, head }, readConnectTarget(request.url ?? ''));
  });
  const listening = await Promise.all([
    listen(plain, ports.proxyPort),
    listen(models, ports.modelPort),
  ]);
  return {
    proxyPort: listening[0],
    modelPort: listening[1],
    modelLimit: reached.promise,
    close: async () => {
      const closed = [plain, models].map((server) => once(server, 'close'));
      for (const server of [plain, models]) server.close().closeAllConnections();
      for (const socket of tunnels) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function makeServer(answer: Parameters<typeof createServer>[1]): Server {
  const options = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersTimeoutMs,
    // A model thinks, an upload takes its time: the broker has the clocks for those.
    requestTimeout: 0,
  };
  const server = createServer(options, answer);
  server.maxConnections = maxConnections;
  server.on('connection', lingerAtEnd);
  return server;
}

/**
 * Ends a connection by its writing side alone, and reads until the client ends it too (RFC 9112, 9.6).
 * Node would close it after its last answer; what the client still sends would then reset it, and cost
 * the client an answer that came before its request was whole.
 */
function lingerAtEnd(socket: Socket): void {
  socket.destroySoon = () => void socket.end();
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
