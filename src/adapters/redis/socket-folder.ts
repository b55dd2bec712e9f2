import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { SallyportError } from '../../errors.ts';

/** `sun_path` has 108 bytes on Linux and 104 on macOS, the closing NUL included. */
const MAX_SOCKET_PATH_BYTES = 103;

function isPrivate(folder: string): boolean {
  const { mode, uid } = lstatSync(folder);
  const isFolder = (mode & 0o170000) === 0o040000;
  return isFolder && uid === process.getuid?.() && (mode & 0o077) === 0;
}

/** Creates `folder` for this user alone. Refuses one that somebody else could have put there. */
export function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isPrivate(folder)) return folder;
  throw new SallyportError('queue.unavailable', `${folder} is open to other users; make it 0700`);
}

/**
 * The socket of the Redis of `folder`: in it, or in a private folder under the temporary one when the path
 * would be too long. Every process finds the same.
 */
export function socketPathFor(folder: string): string {
  const path = join(folder, 'redis.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24);
  return join(privateFolder(join(tmpdir(), `sallyport-${name}`)), 'redis.sock');
}

/**
 * Removes the folder under the temporary one when nothing is in it any more. Call with the start lock held:
 * whoever starts a server next makes it again.
 */
export function removeSocketFolder(folder: string, socketPath: string): void {
  const short = dirname(socketPath);
  if (short === folder) return;
  try {
    rmdirSync(short);
  } catch (error) {
    // Another server's socket is in it, or somebody was faster.
    if (!['ENOTEMPTY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
