import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { ResultManifest } from '../../src/protocol/result.ts';

const blockBytes = 256 * 1024;

/**
 * The body of `POST /v1/result`: the manifest line, then each written file's bytes, exactly as many
 * as declared.
 * @throws when a file is shorter than it was a moment ago
 */
export function* resultBody(root: string, manifest: ResultManifest): Generator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(manifest)}\n`);
  for (const change of manifest.changes)
    if (change.kind === 'write') yield* exactly(`${root}/${change.path}`, change.bytes);
}

function* exactly(place: string, bytes: number): Generator<Uint8Array> {
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    for (let missing = bytes; missing > 0; ) {
      // A new block each time: the stream keeps the one before until it is sent.
      const block = Buffer.allocUnsafeSlow(Math.min(missing, blockBytes));
      const read = readSync(file, block);
      if (read === 0) throw new Error('a file became shorter while it was read');
      missing -= read;
      yield block.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
