import type { ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { BrokerContext } from './broker-context.ts';
import { readClientHello } from './client-hello.ts';
import { afterUnless } from './deadline.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import { matchTunnel } from './match-rule.ts';
import { openConnection } from './open-connection.ts';
import { passBytes } from './pass-bytes.ts';
import { requestBody } from './request-body.ts';

/** Pieces that a ClientHello may come in: each costs a look at all before it. */
const maxPieces = 64;

/**
 * Answers a CONNECT: by rule first, then by the ClientHello, whose one server name has to be the host
 * that was asked for (no domain fronting by SNI). Nothing is resolved or sent before.
 * @throws EgressEnded by name
 */
export async function connectTunnel(
  context: BrokerContext,
  exchange: Exchange,
  target: { readonly host: string; readonly port: number },
): Promise<void> {
  const match = matchTunnel(context.policy.rules, { ...target, method: 'CONNECT', path: null });
  if (!match.ok) throw new EgressEnded(match.reason);
  exchange.goBy(match.rule);
  const { stream } = exchange;
  stream.respond({ ':status': 200 });
  const hello = await firstBytes(context, exchange, target.host);
  const socket = await openConnection(context, exchange, { ...target, tls: false });
  try {
    exchange.count('up', hello.length);
    socket.write(hello);
    void exchange.watchIdle(() => context.timeouts.idleMs);
    await passBoth(exchange, socket);
  } finally {
    socket.destroy();
  }
}

/** Ends when both sides have. What fails after the upstream has said all is its sandbox hanging up. */
async function passBoth(exchange: Exchange, socket: Duplex): Promise<void> {
  const { stream } = exchange;
  socket.on('error', () => {
    if (!socket.readableEnded) exchange.stop('upstream-failed');
  });
  const up = passBytes(exchange, { from: requestBody(stream), to: socket, direction: 'up' });
  const down = passBytes(exchange, { from: socket, to: stream, direction: 'down' });
  const ended = await Promise.allSettled([up, down]);
  const failed = ended.find((side) => side.status === 'rejected');
  if (failed !== undefined && (exchange.isStopped || !socket.readableEnded)) throw failed.reason;
}

/** Waits for a whole ClientHello that names `host`; gives every byte that came with it. */
async function firstBytes(
  context: BrokerContext,
  exchange: Exchange,
  host: string,
): Promise<Buffer> {
  const done = new AbortController();
  const act = (): void => exchange.stop('tls-timeout');
  void afterUnless(context.clock, context.timeouts.helloMs, { done: done.signal, act });
  try {
    return await readHello(exchange, host);
  } finally {
    done.abort();
  }
}

async function readHello({ stream, signal }: Exchange, host: string): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for (let pieces = 0; pieces < maxPieces; pieces += 1) {
    const piece = await nextPiece(stream, signal);
    if (piece === undefined) throw new EgressEnded('tls-malformed');
    bytes = Buffer.concat([bytes, piece]);
    const reading = readClientHello(bytes);
    if (reading.status === 'refused') throw new EgressEnded(reading.reason);
    if (reading.status === 'hello') {
      if (reading.serverName.toLowerCase() !== host) throw new EgressEnded('tls-sni-mismatch');
      return bytes;
    }
  }
  throw new EgressEnded('tls-malformed');
}

/** The next bytes of a stream that nobody else reads; undefined at its end. */
function nextPiece(stream: ServerHttp2Stream, signal: AbortSignal): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const look = (): void => {
    const piece = stream.read() as Buffer | null;
    if (piece !== null) resolve(piece);
    else if (stream.readableEnded || stream.destroyed) resolve(undefined);
  };
  const end = (): void => resolve(undefined);
  const abort = (): void => reject(signal.reason);
  stream.on('readable', look).on('end', end).on('close', end);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  look();
  return promise.finally(() => {
    stream.off('readable', look).off('end', end).off('close', end);
    signal.removeEventListener('abort', abort);
  });
}
