import type { ServerHttp2Stream } from 'node:http2';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';

/**
 * The whole body of a request, in memory. Counted as it comes: one that is then refused has cost as much as one
 * that goes on.
 * @throws EgressEnded `body-bytes` above `maxBytes`, `sandbox-aborted`, at a ceiling
 */
export async function readBody(exchange: Exchange, maxBytes: number): Promise<Buffer> {
  const { stream, signal } = exchange;
  // A reader waits for the stream, not for the signal: it has to be told.
  const giveUp = (): void => void stream.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of piecesOf(stream)) {
      length += piece.length;
      if (length > maxBytes) throw new EgressEnded('body-bytes');
      exchange.guard(() => exchange.count('up', piece.length));
      pieces.push(piece);
    }
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
  signal.throwIfAborted();
  if (stream.aborted) throw new EgressEnded('sandbox-aborted');
  return Buffer.concat(pieces, length);
}

/** Who stops reading leaves the stream whole: the refusal goes out on it. */
function piecesOf(stream: ServerHttp2Stream): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}
