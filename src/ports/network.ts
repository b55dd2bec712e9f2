import type { Duplex } from 'node:stream';

/** An IP address as a resolver gave it. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Names to addresses. Looks up the name as it is: no search domains. */
export interface Resolver {
  /** Every address of `host`; none when there is no such name. Rejects when nobody answered. */
  resolve(host: string, signal: AbortSignal): Promise<readonly Address[]>;
}

/** Where to connect. */
export interface Destination {
  readonly address: Address;
  readonly port: number;
  /** Speaks TLS and requires a certificate for this name; absent: plain TCP. */
  readonly serverName?: string;
}

/** Connections to addresses that were checked before; never to names. */
export interface Dialer {
  /** An open connection. Rejects when it cannot be had, TLS included, or `signal` aborts. */
  connect(destination: Destination, signal: AbortSignal): Promise<Duplex>;
}
