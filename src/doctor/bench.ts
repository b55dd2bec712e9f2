import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { ContainmentOrder } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { serveWire } from '../wire/serve-wire.ts';
import type { Bait } from './bait.ts';

/** Looks for what a container left on the host; each finding is one line. */
export type FindTraces = (containerId: string) => Promise<readonly string[]>;

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
  /** The control plane's end of the wire. */
  readonly serve: typeof serveWire;
  /** How a line of a sandbox's log is shown to people. */
  readonly show: (event: SandboxEvent) => string;
}

/** The part of an order that names places outside. */
export type Targets = Pick<ContainmentOrder, 'tcp' | 'metadata' | 'udp' | 'names'>;

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
    names: ['sallyport.invalid', `${'a'.repeat(60)}.exfiltrated.invalid`],
  };
}
