import type { Writable } from 'node:stream';

/**
 * Writes chunks as one call of the system, in order. HTTP/2 gives the head of a frame and its content
 * apart; each written alone, the engine between both ends would wake up and copy for each.
 * `done` is called when the last has been written, or with the first fault.
 * @returns whether `stream` has room for more
 */
export function writeTogether(
  stream: Writable,
  chunks: readonly { readonly chunk: Buffer }[],
  done?: (error?: Error | null) => void,
): boolean {
  stream.cork();
  let hasRoom = true;
  chunks.forEach(({ chunk }, index) => {
    hasRoom = stream.write(chunk, index === chunks.length - 1 ? done : undefined);
  });
  stream.uncork();
  return hasRoom;
}
