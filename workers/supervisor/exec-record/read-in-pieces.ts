import { Socket } from 'node:net';

/** As much as a pipe holds. */
const pieceBytes = 64 * 1024;
/**
 * How long a reader looks away after a piece, ms. strace writes line by line, and waking up for each costs
 * more than reading it; a pipe that fills up meanwhile only makes the traced processes wait.
 */
const lookAwayMs = 2;

/** Reads a pipe in pieces of many lines, in order and to its end, which shows as `close`. */
export function readInPieces(fd: number, take: (piece: Buffer) => void): Socket {
  const buffer = Buffer.allocUnsafeSlow(pieceBytes);
  const pipe = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (bytes) => {
        // A copy: the end of a line that is not yet whole is kept while the buffer is filled again.
        take(Buffer.from(buffer.subarray(0, bytes)));
        setTimeout(() => pipe.resume(), lookAwayMs);
        return false;
      },
    },
  });
  return pipe;
}
