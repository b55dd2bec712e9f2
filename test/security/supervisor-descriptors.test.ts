import { beforeAll, describe, expect, test } from 'vitest';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/**
 * Tries every descriptor of every process of root by every path that leads to it: to open, to read and to
 * write. gVisor lets one be opened that is /dev/null; any other is a way into the wire, the record of
 * programs or the proxy. Never waits: a pipe is opened without blocking.
 */
const walk = `
  const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = fs.constants;
  const device = fs.statSync('/dev/null').rdev;
  const reach = (path) => [O_RDONLY, O_WRONLY, O_RDWR].flatMap((flag) => {
    const fd = attempt(() => fs.openSync(path, flag | O_NONBLOCK));
    if (typeof fd !== 'number') return [];
    const stat = fs.fstatSync(fd);
    const isNull = stat.isCharacterDevice() && stat.rdev === device;
    const read = attempt(() => fs.readSync(fd, Buffer.alloc(16)));
    fs.closeSync(fd);
    return isNull && (read === 'done' || read === 0 || read === 'EBADF') ? [] : [path + ' by ' + flag];
  });
  const ownedByRoot = () => fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => /^Uid:\\t0\\t/m.test(String(attempt(() => fs.readFileSync('/proc/' + pid + '/status', 'utf8')))));
  const walk = () => {
    const root = ownedByRoot();
    const names = root.map((pid) => attempt(() => fs.readFileSync('/proc/' + pid + '/comm', 'utf8').trim())).sort();
    const reached = root.flatMap((pid) => ['/proc/' + pid, '/proc/' + pid + '/task/' + pid].flatMap((place) => {
      const listed = attempt(() => fs.readdirSync(place + '/fd'));
      const numbers = new Set([...Array(64).keys(), ...(Array.isArray(listed) ? listed.map(Number) : [])]);
      return [...[...numbers].map((n) => place + '/fd/' + n), place + '/mem'].flatMap(reach);
    }));
    return { names, reached };
  };
`;

/** Root's processes by name, and what of theirs could be opened. */
type Walk = { readonly names: readonly string[]; readonly reached: readonly string[] };

describe.each(runtimes)('the descriptors of what watches the agent, under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('are not to be opened, whether they were there before the agent or came after it', async () => {
      const program = `${walk}
        const before = walk();
        // The proxy's own sockets: one that waits, and one with half a request.
        const net = await import('node:net');
        const { once } = await import('node:events');
        const sockets = [net.connect(3128, '127.0.0.1'), net.connect(3129, '127.0.0.1')];
        for (const socket of sockets) socket.on('error', () => {});
        await Promise.all(sockets.map((socket) => once(socket, 'connect')));
        sockets[0].write('POST http://a.example/ HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\n');
        const after = walk();
        for (const socket of sockets) socket.destroy();
        // The walk itself works: it finds what the agent may open.
        const [own] = [fs.openSync('/etc/passwd', 'r')];
        say({ before, after, own: reach('/proc/self/fd/' + own).length });
      `;
      const { said } = await runProbe({ image, runtime, program });
      const { before, after, own } = said[0] as { before: Walk; after: Walk; own: number };
      expect([before.reached, after.reached, own]).toEqual([[], [], 1]);
      for (const watcher of [/\bstrace\b/, /\btini\b/, /\b(?:node|MainThread)\b/])
        expect([before.names.join(' '), after.names.join(' ')]).toEqual([
          expect.stringMatching(watcher),
          expect.stringMatching(watcher),
        ]);
    });
  });
});
