import { promises as dns } from 'node:dns';
import type { Address, Resolver } from '../../ports/network.ts';

/** One question, and how often it is asked. */
const patience = { timeout: 2_000, tries: 2, maxTimeout: 4_000 };

/** What the DNS says of a name that has no address of the family asked for. */
const noSuchAddress = ['ENODATA', 'ENOTFOUND'];

/**
 * Asks the machine's DNS servers, and them alone: the hosts file and search domains of getaddrinfo
 * would give a name other meanings, and its threads are few.
 */
export class DnsResolver implements Resolver {
  readonly #servers: readonly string[] | undefined;

  /** `servers`: `address` or `address:port`, instead of the machine's own. */
  constructor(options: { readonly servers?: readonly string[] } = {}) {
    this.#servers = options.servers;
  }

  /** Every A and AAAA record. Rejects when a server did not answer and none has an address. */
  async resolve(host: string, signal: AbortSignal): Promise<readonly Address[]> {
    signal.throwIfAborted();
    const resolver = new dns.Resolver(patience);
    if (this.#servers !== undefined) resolver.setServers(this.#servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const [four, six] = await Promise.allSettled([
        resolver.resolve4(host),
        resolver.resolve6(host),
      ]);
      return [...addressesOf(four, 4), ...addressesOf(six, 6)];
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

/** A family that failed for another reason than absence fails the whole: what was not seen was not checked. */
function addressesOf(answer: PromiseSettledResult<string[]>, family: 4 | 6): Address[] {
  if (answer.status === 'fulfilled') return answer.value.map((address) => ({ address, family }));
  const { code } = answer.reason as NodeJS.ErrnoException;
  if (code !== undefined && noSuchAddress.includes(code)) return [];
  throw answer.reason;
}
