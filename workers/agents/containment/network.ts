import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect, isIPv6, type NetConnectOpts } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Facts, Target } from '../../../src/protocol/containment.ts';
import { errorCode } from './ask.ts';
import { attempt } from './attempt.ts';
import { python } from './python.ts';

const answerMs = 3_000;

/** Sends an echo by the socket that every user may have, and by the raw one. */
const echo = `
import errno, json, socket, struct, sys
def send(kind, host):
    six = ':' in host
    try:
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind, 58 if six else 1) as s:
            head = struct.pack('!BBHHH', 128 if six else 8, 0, 0 if six else 0xf7fe, 1, 0)
            s.sendto(head, (host, 0))
            return 'sent'
    except OSError as error: return errno.errorcode[error.errno]
kinds = {'datagram': socket.SOCK_DGRAM, 'raw': socket.SOCK_RAW}
print(json.dumps({'%s %s' % (name, host): send(kind, host) for host in json.loads(sys.argv[1]) for name, kind in kinds.items()}))
`;

/** `granted`, `silence`, or the code of the error. */
export function connectTo(options: NetConnectOpts): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, timeout: answerMs });
    const end = (answer: string): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end('granted'));
    socket.on('timeout', () => end('silence'));
    socket.on('error', (error) => end(errorCode(error)));
  });
}

/** `sent` says only that the kernel took it: whether it arrived is the control plane's to know. */
function sendTo({ host, port }: Target): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    socket.on('error', (error) => resolve(errorCode(error)));
    socket.send('sallyport', port, host, (error) => {
      socket.close();
      resolve(error === null ? 'sent' : errorCode(error));
    });
  });
}

async function ofEach(
  targets: readonly Target[],
  ask: (target: Target) => Promise<string>,
): Promise<Record<string, string>> {
  const answers = targets.map(
    async (target) => [`${target.host}:${target.port}`, await ask(target)] as const,
  );
  return Object.fromEntries(await Promise.all(answers));
}

/** Lines of a file of `/proc/net` below its heads. */
function rows(file: string, heads: number): string[] {
  return readFileSync(file, 'utf8').trim().split('\n').slice(heads);
}

/** Interfaces and routes as the kernel has them. */
export function networkFacts(): { interfaces: string[]; addresses: string[]; routes: string[] } {
  const interfaces = rows('/proc/net/dev', 2).map((line) => line.split(':')[0]?.trim() ?? '');
  return { interfaces, addresses: addresses(), routes: rows('/proc/net/route', 1) };
}

/** None where the kernel refuses netlink, by which they are asked for. */
function addresses(): string[] {
  try {
    return Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address ?? '');
  } catch {
    return [];
  }
}

/** Name servers that the sandbox is told of. */
export function nameServers(): string[] {
  const text = readFileSync('/etc/resolv.conf', 'utf8');
  return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
}

/** Attempts to reach anything outside. */
export const networkAttempts = [
  attempt('network.addresses', async ({ order }) => ({
    answers: await ofEach(order.tcp, ({ host, port }) => connectTo({ host, port })),
  })),
  attempt('network.metadata', async ({ order }) => ({
    answers: await ofEach(order.metadata, ({ host, port }) => connectTo({ host, port })),
  })),
  attempt('network.datagrams', async ({ order }) => ({ answers: await ofEach(order.udp, sendTo) })),
  attempt('network.names', async ({ order }) => {
    const answers: Record<string, string> = {};
    for (const name of order.names)
      answers[name] = await lookup(name).then(({ address }) => address, errorCode);
    return { answers, nameServers: nameServers(), sent: await ofEach(order.udp, sendTo) };
  }),
  attempt('network.abstract-sockets', async ({ order }) => {
    const name = order.abstractSocket ?? '';
    const sockets = rows('/proc/net/unix', 1).map((line) => line.trim().split(/\s+/)[7] ?? '');
    const named = sockets.filter((path) => path !== '');
    return { answers: { [name]: await connectTo({ path: `\0${name}` }) }, named };
  }),
  attempt('network.interfaces', () => networkFacts()),
  attempt('network.icmp', ({ order }) => ({ answers: python(echo, order.icmp) as Facts })),
];
