import { beforeAll, describe, expect, test } from 'vitest';
import { agentVariables } from '../../src/protocol/agent-environment.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { systemCalls } from '../support/sandbox/system-calls.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/** Our filter refuses each of them, and two in words that the C library understands. */
function allowedByFilter([name, answer]: [string, string]): boolean {
  const own: Readonly<Record<string, string>> = {
    clone3: 'ENOSYS',
    socket_netlink: 'EAFNOSUPPORT',
  };
  return answer === (own[name] ?? 'EPERM');
}

/** gVisor does not load our filter. What it grants is granted by its own kernel, inside the sandbox. */
function allowedByGvisor([name, answer]: [string, string]): boolean {
  const ownKernel = ['unshare', 'clone_newuser', 'ptrace', 'syslog', 'socket_netlink'];
  return !/^\d+$/.test(answer) || ownKernel.includes(name);
}

describe.each(runtimes)('an agent under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('has no interface but loopback, no route and no names', async () => {
      const program = `
        const lines = (file) => fs.readFileSync(file, 'utf8').trim().split('\\n');
        say(lines('/proc/net/dev').slice(2).map((line) => line.split(':')[0].trim()));
        say(lines('/proc/net/route').length);
        const net = await import('node:net');
        const { promises: dns } = await import('node:dns');
        const connect = (host) => new Promise((resolve) => {
          const socket = net.connect({ host, port: 80, timeout: 5000 });
          socket.on('connect', () => resolve('connected')).on('timeout', () => resolve('silence'));
          socket.on('error', (error) => resolve(error.code));
        });
        say(await connect('192.0.2.1'));
        say(await connect('2001:db8::1'));
        say(await connect('169.254.169.254'));
        say(await dns.lookup('example.com').catch((error) => error.code));
      `;
      const { said } = await runProbe({ image, runtime, program });
      const unreachable = /^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/;
      const refused = expect.stringMatching(unreachable) as string;
      const noName = expect.stringMatching(/^(EAI_AGAIN|ENOTFOUND)$/) as string;
      expect(said).toEqual([['lo'], 1, refused, refused, refused, noName]);
    });

    test('finds nothing of the host: no socket, no environment, no privilege', async () => {
      const program = `
        say(['/var/run/docker.sock', '/run/docker.sock', '/run/containerd'].filter(fs.existsSync));
        say(Object.keys(process.env).sort());
        say([process.getuid(), process.geteuid(), process.getgid(), process.getgroups()]);
        const status = fs.readFileSync('/proc/self/status', 'utf8');
        say([...status.matchAll(/Cap(?:Prm|Eff|Amb):\\s*(\\w+)/g)].some((match) => Number('0x' + match[1]) !== 0));
        say(fs.readFileSync('/proc/self/environ', 'utf8').includes('KEY'));
      `;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual([[], agentVariables, [1000, 1000, 1000, [1000]], false, false]);
    });

    test('cannot become root, make a device or gain by a setuid file', async () => {
      const program = `
        const becomeRoot = (call) => python('import os, errno\\ntry: os.' + call + '(0)\\nexcept OSError as e: print(errno.errorcode[e.errno])').stdout.trim();
        say(['setuid', 'setgid', 'seteuid'].map(becomeRoot));
        python('import os; os.mknod("/workspace/d", 0o60666, os.makedev(8, 0))');
        say(attempt(() => fs.openSync('/workspace/d')) !== 'done' && typeof attempt(() => fs.openSync('/workspace/d')) === 'string');
        fs.copyFileSync('/usr/bin/id', '/workspace/id');
        fs.chmodSync('/workspace/id', 0o6755);
        say(childProcess.execFileSync('/workspace/id', ['-u'], { encoding: 'utf8' }).trim());
        say(childProcess.execSync('find / -xdev -perm /6000 -type f 2>/dev/null | grep -v workspace || true', { encoding: 'utf8' }));
      `;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual([['EPERM', 'EPERM', 'EPERM'], true, '1000', '']);
    });

    test('cannot reach the wire or the supervisor', async () => {
      const program = `
        const supervisor = process.ppid;
        say(supervisor);
        const files = [1, supervisor].flatMap((pid) =>
          ['fd/0', 'fd/1', 'fd/2', 'mem', 'root', 'cwd', 'environ', 'maps'].map((name) => '/proc/' + pid + '/' + name));
        say(files.filter((file) => attempt(() => fs.closeSync(fs.openSync(file, 'r'))) === 'done'));
        say(files.filter((file) => attempt(() => fs.writeFileSync(file, 'garbage')) === 'done'));
        say([1, supervisor].map((pid) => attempt(() => process.kill(pid, 'SIGKILL'))));
        say([1, supervisor].map((pid) => attempt(() => process.kill(pid, 'SIGSTOP'))));
        fs.writeSync(2, Buffer.from('PRI * HTTP/2.0\\\\r\\\\n\\\\r\\\\nSM\\\\r\\\\n\\\\r\\\\n'));
      `;
      const { said, result } = await runProbe({ image, runtime, program });
      // gVisor shows them to everybody: of the supervisor they hold what the image and we put there.
      const shown = runtime === 'runsc' ? ['environ', 'maps'] : [];
      const readable = [1, said[0]].flatMap((pid) =>
        shown.map((name) => `/proc/${String(pid)}/${name}`),
      );
      expect(said.slice(1)).toEqual([readable, [], ['EPERM', 'EPERM'], ['EPERM', 'EPERM']]);
      expect(result?.manifest.agent.exitCode).toBe(0);
    });

    test('is refused what could lead out of the sandbox', async () => {
      const program = `for (const [name, answer] of ${systemCalls}) say([name, answer]);`;
      const { said } = await runProbe({ image, runtime, program });
      expect(said.length).toBeGreaterThan(40);
      const allows = runtime === 'runc' ? allowedByFilter : allowedByGvisor;
      expect((said as [string, string][]).filter((answer) => !allows(answer))).toEqual([]);
    });

    test('gains no mount by a user namespace of its own', async () => {
      const code = `
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(0x10000000)
print(libc.mount(b'none', b'/workspace', b'tmpfs', 0, None), errno.errorcode[ctypes.get_errno()])`;
      const program = `say(python(${JSON.stringify(code)}).stdout.trim())`;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual(['-1 EPERM']);
    });

    test('still has what agents live on: node, git, Python, threads, pipes, sockets', async () => {
      const program = `
        const run = (file, ...args) => childProcess.spawnSync(file, args, { encoding: 'utf8' });
        say(run('git', 'init', '-q', '/tmp/repo').status);
        say(run('git', '-C', '/tmp/repo', '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-q', '--allow-empty', '-m', 'x').status);
        say(python('import threading, multiprocessing as m, tempfile, sqlite3\\nt = threading.Thread(target=print); t.start(); t.join(); m.Semaphore(); tempfile.mkstemp(); print(m.Pool(2).map(abs, [-1, -2]))').stdout.trim());
        const { Worker } = await import('node:worker_threads');
        say(await new Promise((resolve) => new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true }).on('message', resolve)));
        const http = await import('node:http');
        const server = http.createServer((_, response) => response.end('loopback')).listen(0, '127.0.0.1');
        await new Promise((resolve) => server.on('listening', resolve));
        say(await (await fetch('http://127.0.0.1:' + server.address().port)).text());
        process.exit(0);
      `;
      const { said } = await runProbe({ image, runtime, program });
      expect(said).toEqual([0, 0, '[1, 2]', 1, 'loopback']);
    });
  });
});
