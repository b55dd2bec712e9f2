import type { Duplex } from 'node:stream';
import type { Address } from '../ports/network.ts';
import type { BrokerContext } from './broker-context.ts';
import { startDeadline } from './deadline.ts';
import { EgressEnded } from './egress-ended.ts';
import type { Exchange } from './exchange.ts';

/** Addresses of one name that are looked at; a name with more is denied, not cut. */
const maxAddresses = 32;
/** Addresses of one name that are tried. */
const maxTries = 3;

/** Where an allowed request goes. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The host is an address that the operator wrote down: nothing to resolve. */
  readonly address?: Address;
  /** Only into the operator's own networks, for keys that travel in the clear. */
  readonly isOperatorsOnly?: boolean;
}

/**
 * Resolves, checks every address, records the decision and connects to an address that was checked:
 * the name is not looked up again, so it cannot mean something else by then (DNS rebinding).
 * @throws EgressEnded by name
 */
export async function openConnection(
  context: BrokerContext,
  exchange: Exchange,
  upstream: Upstream,
): Promise<Duplex> {
  const addresses = await findUpstream(context, exchange, upstream);
  return connectTo(context, exchange, { upstream, addresses });
}

/** The addresses of an upstream: each checked, and the decision recorded. @throws EgressEnded by name */
export async function findUpstream(
  context: BrokerContext,
  exchange: Exchange,
  upstream: Upstream,
): Promise<readonly Address[]> {
  const addresses = await addressesOf(context, exchange, upstream);
  for (const address of addresses) requireReachable(context, upstream, address);
  await exchange.allow(addresses.map(({ address }) => address));
  return addresses;
}

/** Connects to the first of these addresses that takes it. @throws EgressEnded by name */
export async function connectTo(
  context: BrokerContext,
  exchange: Exchange,
  { upstream, addresses }: { readonly upstream: Upstream; readonly addresses: readonly Address[] },
): Promise<Duplex> {
  let cause: unknown;
  for (const address of addresses.slice(0, maxTries)) {
    context.meters.connection();
    try {
      return await dial(context, exchange, { address, upstream });
    } catch (error) {
      exchange.signal.throwIfAborted();
      cause = error;
    }
  }
  throw new EgressEnded('connect-failed', { cause });
}

async function addressesOf(
  context: BrokerContext,
  exchange: Exchange,
  upstream: Upstream,
): Promise<readonly Address[]> {
  if (upstream.address !== undefined) return [upstream.address];
  const deadline = startDeadline(context.clock, context.timeouts.resolveMs, exchange.signal);
  try {
    const found = await Promise.race([
      context.resolver.resolve(upstream.host, deadline.signal),
      deadline.passed,
    ]);
    if (found.length > 0 && found.length <= maxAddresses) return found;
  } catch (cause) {
    exchange.signal.throwIfAborted();
    throw new EgressEnded('resolve-failed', { cause });
  } finally {
    deadline.clear();
  }
  throw new EgressEnded('resolve-failed');
}

/** One bad address among good ones condemns the name: the next connection might get it. */
function requireReachable(context: BrokerContext, upstream: Upstream, address: Address): void {
  const verdict = context.guard.check(address);
  if (!verdict.ok) throw new EgressEnded(verdict.reason);
  if (upstream.isOperatorsOnly === true && !verdict.isOperators)
    throw new EgressEnded('address-needs-tls');
}

async function dial(
  context: BrokerContext,
  exchange: Exchange,
  { address, upstream }: { readonly address: Address; readonly upstream: Upstream },
): Promise<Duplex> {
  const deadline = startDeadline(context.clock, context.timeouts.connectMs, exchange.signal);
  try {
    const { host, port, tls } = upstream;
    const target = { address, port, ...(tls ? { serverName: host } : {}) };
    const connecting = context.dialer.connect(target, deadline.signal);
    // One that comes too late is nobody's.
    connecting.then(
      (late) => deadline.signal.aborted && late.destroy(),
      () => undefined,
    );
    const socket = await Promise.race([connecting, deadline.passed]);
    // Whoever uses it hears of its faults; one between two users must not end the process.
    return socket.on('error', () => undefined);
  } finally {
    deadline.clear();
  }
}
