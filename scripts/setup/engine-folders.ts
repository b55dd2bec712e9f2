import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';

/** Where an engine of our own keeps everything; nothing of it is shared with a system-wide Docker. */
export type EngineFolders = {
  /** Persistent: images, so that a second run finds them. */
  readonly root: string;
  readonly dataRoot: string;
  /** Short-lived, and short: sockets of the engine and of its containerd. */
  readonly runRoot: string;
  readonly execRoot: string;
  readonly socketPath: string;
  readonly pidFile: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly lockFile: string;
  readonly leases: string;
  /** Holds the pid of an engine that has been told to stop, until it has. */
  readonly stoppingFile: string;
};

/** `sun_path` of unix(7) is 108 bytes with its closing zero. */
const MAX_SOCKET_PATH_BYTES = 107;

/** The longest name that containerd puts a socket at, below our exec root. */
const LONGEST_SOCKET = 'exec/containerd/containerd-debug.sock.ttrpc';

/**
 * The folders of this user's engine: below `$XDG_CACHE_HOME` or `~/.cache`. When that is too long a
 * path for a socket, the short-lived part moves to a folder of its own in the temporary folder.
 */
export function engineFolders(env: NodeJS.ProcessEnv = process.env): EngineFolders {
  const root = join(cacheFolder(env), 'engine');
  const runRoot = fits(root) ? root : shortRoot(root);
  return {
    root,
    dataRoot: join(root, 'data'),
    runRoot,
    execRoot: join(runRoot, 'exec'),
    socketPath: join(runRoot, 'docker.sock'),
    pidFile: join(root, 'docker.pid'),
    configFile: join(root, 'daemon.json'),
    logFile: join(root, 'dockerd.log'),
    lockFile: join(root, 'lock.sqlite'),
    leases: join(root, 'leases'),
    stoppingFile: join(root, 'stopping'),
  };
}

function fits(root: string): boolean {
  return Buffer.byteLength(join(root, LONGEST_SOCKET)) <= MAX_SOCKET_PATH_BYTES;
}

function shortRoot(root: string): string {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(tmpdir(), `sallyport-${name}`);
}
