import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { masked, maskText } from './secret-mask.ts';

/** How much of a failed answer is looked at before it is decided on. */
const maxStartBytes = 16 * 1024;

/** All of an answer's body, whose start has been read, without the secret. */
export function bodyOf(
  answer: IncomingMessage,
  start: readonly Buffer[],
  secret: string | undefined,
): Readable {
  if (start.length === 0 && secret === undefined) return answer;
  const whole = withStart(start, answer);
  return Readable.from(secret === undefined ? whole : masked(whole, secret));
}

/** The start as a text, without the secret. */
export function textOf(pieces: readonly Buffer[], secret: string | undefined): string {
  const text = Buffer.concat(pieces).toString('utf8');
  return secret === undefined ? text : maskText(text, secret);
}

/** Their bytes together. */
export function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** The first pieces of a body; the rest can still be read. */
export async function startOf(
  answer: IncomingMessage,
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  // A reader waits for the answer, not for the signal: it has to be told.
  const giveUp = (): void => void answer.destroy();
  signal.addEventListener('abort', giveUp, { once: true });
  const pieces: Buffer[] = [];
  let bytes = 0;
  const body = answer.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= maxStartBytes) break;
  }
  signal.removeEventListener('abort', giveUp);
  signal.throwIfAborted();
  return pieces;
}

async function* withStart(
  start: readonly Buffer[],
  rest: IncomingMessage,
): AsyncGenerator<Buffer, void> {
  yield* start;
  if (!rest.readableEnded) yield* rest as AsyncIterable<Buffer>;
}
