import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Facts } from '../../../src/protocol/containment.ts';
import { errorCode, listed } from './ask.ts';
import { attempt } from './attempt.ts';
import { ownFolders as searched, searchIn } from './credentials.ts';
import { connectTo } from './network.ts';
import { python } from './python.ts';
import { foldersIn } from './walk.ts';

/** Everywhere that an agent may write to. */
const ownFolders = ['/workspace', '/tmp', '/home/agent', '/out', '/dev/shm', '/task', '/base'];
const maxFolders = 10_000;
/** A key of System V shared memory that both sides know. */
const sharedKey = 0x5a11;

/** Shared memory has no file, so Python asks the C library: `write` leaves a word, `read` finds it. */
const shared = `
import ctypes, errno, json, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
key, word = json.loads(sys.argv[1])
made = libc.shmget(key, 4096, 0o1666 if word else 0o666)
if made < 0: print(json.dumps(errno.errorcode[ctypes.get_errno()]))
else:
    at = libc.shmat(made, None, 0)
    if at in (None, ctypes.c_void_p(-1).value): print(json.dumps(errno.errorcode[ctypes.get_errno()]))
    elif word:
        ctypes.memmove(at, word.encode(), len(word))
        print(json.dumps('written'))
    else: print(json.dumps('read ' + ctypes.string_at(at, 80).split(b'\\0')[0].decode('latin-1')))
`;

function share(word: string | null): string {
  return String(python(shared, [sharedKey, word]));
}

/** Command lines in sight in which `word` stands, but this agent's own. */
function processesWith(word: string): string[] {
  return listed('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandOf(pid).includes(word));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error))) return '';
    throw error;
  }
}

/** Attempts of two tasks: one that has something to hide, and one that looks for it. */
export const neighbourAttempts = [
  attempt('probe.neighbour-host', async ({ order, tell }) => {
    let visits = 0;
    const visited = (): void => {
      visits += 1;
      tell({ visits });
    };
    const port = await listen(visited, { host: '127.0.0.1', port: 0 });
    await listen(visited, { path: `\0${order.abstractSocket ?? ''}` });
    writeFileSync('/dev/shm/neighbour', order.marker ?? '');
    process.title = order.marker ?? '';
    tell({ visits, port, shared: share(order.marker) });
    await pause(2 ** 30);
    return {};
  }),
  attempt('probe.neighbour-visit', async ({ order }) => {
    const answers: Record<string, string> = {};
    for (const { host, port } of order.tcp)
      answers[`tcp ${host}`] = await connectTo({ host, port });
    answers['abstract'] = await connectTo({ path: `\0${order.abstractSocket ?? ''}` });
    answers['shared memory'] = share(null);
    answers['/dev/shm'] = listed('/dev/shm').includes('neighbour') ? 'found' : 'ENOENT';
    const seen = processesWith(order.marker ?? '');
    return { answers: { ...answers, processes: seen.length > 0 ? seen.join() : 'none' } };
  }),
  attempt('probe.leave', ({ order }) => {
    const word = order.marker ?? '';
    const folders = ownFolders.flatMap((folder) => foldersIn(folder, maxFolders));
    const left = folders.filter((folder) => leave(`${folder}/left-${folders.length}`, word));
    return { left, shared: share(word) } satisfies Facts;
  }),
  attempt('probe.find', ({ order }) => ({
    ...searchIn(order.sentinelDigest, searched),
    shared: share(null),
  })),
];

/** What the next task looks for is a sentinel, of which it knows the digest: `probe.find`. */
function leave(path: string, word: string): boolean {
  try {
    writeFileSync(path, word);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes(errorCode(error))) return false;
    throw error;
  }
}

async function listen(
  visited: () => void,
  where: { readonly host: string; readonly port: number } | { readonly path: string },
): Promise<number> {
  const server = createServer((socket) => {
    visited();
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(where, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
