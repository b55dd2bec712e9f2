import type { Duplex } from 'node:stream';
import { SocketDialer } from '../../../src/adapters/net/socket-dialer.ts';
import type { Address, Destination, Dialer, Resolver } from '../../../src/ports/network.ts';

/** Dials loopback and throws for anything else: a test must never reach out. */
export class LoopbackDialer implements Dialer {
  readonly dialled: string[] = [];
  readonly #inner: SocketDialer;

  constructor(ca?: string) {
    this.#inner = new SocketDialer(ca === undefined ? {} : { ca: [ca] });
  }

  connect(destination: Destination, signal: AbortSignal): Promise<Duplex> {
    const { address } = destination.address;
    this.dialled.push(`${address}:${destination.port}`);
    if (!/^127\.0\.0\.\d+$/.test(address)) throw new Error(`a test dialled ${address}`);
    return this.#inner.connect(destination, signal);
  }
}

/** Knows the names it was told; each look-up takes the next of several answers, the last for ever. */
export class FakeResolver implements Resolver {
  readonly asked: string[] = [];
  readonly #answers: ReadonlyMap<string, readonly (readonly string[])[]>;

  constructor(answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
    this.#answers = new Map(Object.entries(answers));
  }

  resolve(host: string): Promise<readonly Address[]> {
    const before = this.asked.filter((name) => name === host).length;
    this.asked.push(host);
    const answers = this.#answers.get(host) ?? [[]];
    const answer = answers[Math.min(before, answers.length - 1)] ?? [];
    return Promise.resolve(
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }
}
