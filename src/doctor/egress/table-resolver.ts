import type { Address, Resolver } from '../../ports/network.ts';

/** Each look-up of a name takes the next of its answers, the last one for ever. */
export type NameTable = Readonly<Record<string, readonly (readonly string[])[]>>;

/** Knows the names of a table and nobody else; remembers what it was asked. Asks no server. */
export class TableResolver implements Resolver {
  readonly asked: string[] = [];
  readonly #table: ReadonlyMap<string, readonly (readonly string[])[]>;

  constructor(table: NameTable) {
    this.#table = new Map(Object.entries(table));
  }

  resolve(host: string): Promise<readonly Address[]> {
    const before = this.asked.filter((name) => name === host).length;
    this.asked.push(host);
    const answers = this.#table.get(host) ?? [];
    const addresses = answers[Math.min(before, answers.length - 1)] ?? [];
    return Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }
}
