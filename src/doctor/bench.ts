import type { Finding } from '../domain/finding.ts';
import type { RefusedChange } from '../domain/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { ContainmentOrder } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import type { serveWire } from '../wire/serve-wire.ts';
import type { Bait } from './bait.ts';
import type { EgressBench } from './egress/way-out.ts';

/** What is known of a container while it is there, to look for afterwards. */
export interface Remains {
  readonly ownerId: string;
  readonly containerId: string;
  /** Files and folders that the engine keeps for it. */
  readonly places: readonly string[];
}

/** Looks for what a container left on the host; each finding is one line. */
export type FindTraces = (remains: Remains) => Promise<readonly string[]>;

/** What the control plane takes of a result after comparing it with the head tree. */
export interface Taken {
  readonly files: readonly { readonly path: string; readonly after: Uint8Array | null }[];
  readonly refused: readonly RefusedChange[];
  readonly findings: readonly Finding[];
}

/** Compares a result with the tree that the sandbox was given. */
export type Take = (snapshot: SourceSnapshot, result: SandboxResult) => Promise<Taken>;

/** Everything that the suite works with. Tests weaken one part at a time and must see cases break. */
export interface Bench {
  readonly sandbox: Sandbox;
  /** Sandboxes as a process that starts again has them: it wants none of those that it finds. */
  readonly nextLife: Pick<Sandbox, 'removeOwned'>;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly image: string;
  readonly ownerId: string;
  readonly bait: Bait;
  readonly findTraces: FindTraces;
  /** What sandboxes try to reach. */
  readonly targets: Targets;
  /** The way out of those runs that have one. */
  readonly egress: EgressBench;
  readonly take: Take;
  /** The control plane's end of the wire. */
  readonly serve: typeof serveWire;
  /** How a line of a sandbox's log is shown to people. */
  readonly show: (event: SandboxEvent) => string;
}

/** The part of an order that names places outside. */
export type Targets = Pick<ContainmentOrder, 'tcp' | 'metadata' | 'udp' | 'names' | 'icmp'>;

/**
 * Documentation ranges (RFC 5737, RFC 3849), the metadata addresses of the large clouds, and listeners on
 * the host's own loopback. From a sandbox none of them has a route; the names end in `.invalid` (RFC 2606).
 */
export function allTargets({ tcpPort, udpPort }: Bait): Targets {
  const web = (host: string) => ({ host, port: 80 });
  const here = '127.0.0.1';
  return {
    tcp: [
      ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1'].map(web),
      { host: '192.0.2.1', port: 6379 },
      // Docker's resolver, where it has one.
      { host: '127.0.0.11', port: 53 },
      { host: here, port: tcpPort },
    ],
    metadata: [
      ...['169.254.169.254', '169.254.170.2', '100.100.100.200', 'fd00:ec2::254'].map(web),
      { host: here, port: tcpPort },
    ],
    udp: [
      ...['192.0.2.1', '198.51.100.1', '2001:db8::1'].map((host) => ({ host, port: 53 })),
      { host: '192.0.2.1', port: 443 },
      { host: here, port: udpPort },
    ],
    icmp: ['192.0.2.1', '198.51.100.1', '2001:db8::1'],
    names: ['sallyport.invalid', `${'a'.repeat(60)}.exfiltrated.invalid`],
  };
}
