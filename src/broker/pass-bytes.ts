import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';
import type { Direction } from './meters.ts';

/** How bytes go from one side to the other. */
export interface Passage {
  readonly from: Readable;
  readonly to: Writable;
  readonly direction: Direction;
  /** Ceiling for this passage alone. */
  readonly maxBytes?: number;
  /** Sees each piece before it is passed on; may throw to keep it. */
  readonly watch?: (piece: Buffer) => void;
}

/**
 * Passes bytes on as they come, counted first, and ends `to` after `from`. Destroys both on failure:
 * a stream that is still to be answered on must not be `from` (`requestBody`).
 * @throws EgressEnded at a ceiling, or when the sandbox broke off: a body cut short is not a whole one.
 */
export async function passBytes(exchange: Exchange, passage: Passage): Promise<void> {
  const { signal } = exchange;
  await pipeline(
    passage.from,
    (source: AsyncIterable<Buffer>) => counted(exchange, passage, source),
    passage.to,
    {
      signal,
    },
  );
}

async function* counted(
  exchange: Exchange,
  passage: Passage,
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const piece of source) {
    passed += piece.length;
    exchange.guard(() => look(exchange, passage, { piece, passed }));
    yield piece;
  }
  // Node ends the body of a reset HTTP/2 stream like that of a finished one.
  exchange.signal.throwIfAborted();
}

function look(
  exchange: Exchange,
  { direction, maxBytes, watch }: Passage,
  { piece, passed }: { readonly piece: Buffer; readonly passed: number },
): void {
  exchange.count(direction, piece.length);
  if (maxBytes !== undefined && passed > maxBytes) throw new EgressEnded('body-bytes');
  watch?.(piece);
}
