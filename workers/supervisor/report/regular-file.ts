import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';

/** Is something of this name there, whatever it is? */
export function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

/**
 * The bytes of a file that the agent left.
 * @throws for a link, a pipe, another thing that is no file, and for one larger than `maxBytes`
 */
export function readRegularFile(place: string, maxBytes: number): Buffer {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('the report is not a regular file');
    if (stat.size > maxBytes) throw new Error(`the report is over ${maxBytes} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
