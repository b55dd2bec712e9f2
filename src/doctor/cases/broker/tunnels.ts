import type { SandboxCase } from '../../attack-case.ts';
import { brokerCase } from './broker-case.ts';
import { judgeRefusal } from './judge-egress.ts';
import { ask, helloFor, tunnel } from './say.ts';

/** Encrypted Client Hello (RFC 9849): the name in the clear is not the one that counts. */
const echExtension = 0xfe0d;

const noHello = (id: string, title: string, rest: TunnelCase): SandboxCase =>
  brokerCase(id, title, {
    says: ({ rawPort }) => rest.pieces.map((piece) => tunnel(`${rest.host}:${rawPort}`, piece)),
    judge: judgeRefusal({
      hosts: new RegExp(`^${rest.host.replaceAll('.', '\\.')}$`),
      word: 'tunnel',
      reasons: rest.reasons,
      atLeast: rest.pieces.length,
    }),
  });

interface TunnelCase {
  readonly host: string;
  readonly pieces: readonly (string | Buffer)[];
  readonly reasons: readonly string[];
}

/** Ports of mail, shells, databases and engines (RFC 5321, RFC 4251). */
const otherPorts = [22, 25, 53, 443, 2375, 5432, 6379];

/** Ways to say something else in a tunnel, or to another port. */
export const brokerTunnelCases: readonly SandboxCase[] = [
  noHello('broker.other-sni', 'name another host in TLS than in CONNECT', {
    host: 'sni.tunnel.example',
    pieces: [
      helloFor(['other.example']),
      helloFor(['sni.tunnel.example', 'other.example']),
      helloFor(['sni.tunnel.example.']),
    ],
    reasons: ['tls-sni-mismatch', 'tls-several-sni'],
  }),
  noHello('broker.no-sni', 'name no host in TLS', {
    host: 'no-sni.tunnel.example',
    pieces: [helloFor([]), helloFor([''])],
    reasons: ['tls-no-sni', 'tls-malformed', 'tls-sni-mismatch'],
  }),
  noHello('broker.encrypted-hello', 'hide the host from the broker (ECH)', {
    host: 'ech.tunnel.example',
    pieces: [helloFor(['ech.tunnel.example'], echExtension)],
    reasons: ['tls-ech'],
  }),
  noHello('broker.no-tls', 'send raw TCP through a tunnel', {
    host: 'raw.tunnel.example',
    pieces: [
      'SSH-2.0-OpenSSH_9.2\r\n',
      'GET / HTTP/1.1\r\nHost: raw.tunnel.example\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'EHLO raw.tunnel.example\r\n',
      '*1\r\n$4\r\nPING\r\n',
    ],
    reasons: ['tls-not-tls', 'tls-malformed'],
  }),
  brokerCase('broker.other-ports', 'reach another port of an allowed host', {
    says: () => [
      ...otherPorts.map((port) => ask(`http://ports.web.example:${port}/open/ports`)),
      ...otherPorts.map((port) =>
        tunnel(`ports.tunnel.example:${port}`, helloFor(['ports.tunnel.example'])),
      ),
    ],
    judge: judgeRefusal({
      hosts: /^ports\./,
      word: 'open/ports',
      reasons: ['no-rule-for-port'],
      atLeast: 2 * otherPorts.length,
    }),
  }),
];
