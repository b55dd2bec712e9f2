import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Writes a file that is not there yet; says its size and SHA-256. */
export async function writeNewFile(
  content: AsyncIterable<unknown>,
  place: string,
  executable = false,
): Promise<{ bytes: number; sha256: string }> {
  const mode = executable ? 0o755 : 0o644;
  const hash = createHash('sha256');
  const file = openSync(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  let bytes = 0;
  try {
    // Written at once rather than piped: a tree is thousands of small files, and a pipe for each is slow.
    for await (const part of content) {
      const chunk = part as Buffer;
      writeAll(file, chunk);
      hash.update(chunk);
      bytes += chunk.length;
    }
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}

function writeAll(file: number, chunk: Buffer): void {
  let written = 0;
  while (written < chunk.length) written += writeSync(file, chunk, written);
}
