import type { Duplex } from 'node:stream';
import type { Destination, Dialer } from '../../ports/network.ts';

/** Notes every address that a broker goes to, and lets none but the host's loopback happen. */
export class NotingDialer implements Dialer {
  readonly dialled: string[] = [];
  readonly #inner: Dialer;

  constructor(inner: Dialer) {
    this.#inner = inner;
  }

  connect(destination: Destination, signal: AbortSignal): Promise<Duplex> {
    const { address, port } = destination;
    this.dialled.push(`${address.address}:${port}`);
    // A broker without its guard would go there: that it tried is enough to know.
    const isLoopback = /^127\.\d+\.\d+\.\d+$/.test(address.address);
    if (!isLoopback) return Promise.reject(new Error(`not dialled: ${address.address}`));
    return this.#inner.connect(destination, signal);
  }
}
