import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Address } from '../ports/network.ts';

/** What an address is to the broker: reachable by anybody, opened by the operator, or refused. */
export type AddressVerdict =
  | { readonly ok: true; readonly isOperators: boolean }
  | { readonly ok: false; readonly reason: AddressFault };

/** Why an address is refused; stands in the ledger as it is. */
export type AddressFault = 'address-malformed' | 'address-not-public' | 'address-by-policy';

/** IANA's IPv4 special-purpose registry (RFC 6890 and successors), whatever is not globally reachable. */
const specialV4 = [
  '0.0.0.0/8', // this network; Linux takes 0.0.0.0 for loopback
  '10.0.0.0/8',
  '100.64.0.0/10', // shared address space, with 100.100.100.200, a cloud's metadata
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, with 169.254.169.254, metadata
  '172.16.0.0/12',
  '192.0.0.0/24', // protocol assignments, with 192.0.0.192, metadata
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16',
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '168.63.129.16/32', // a public number that one cloud answers inside each machine, with credentials
];

/** Inside 2000::/3, the only global unicast space there is; all of the rest is refused. */
const specialV6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarking
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: carries any IPv4 address
  '3fff::/20', // documentation
];

/** IPv4 addresses by their translation to IPv6: checked as what they carry (RFC 6052). */
const nat64 = blockListOf(['64:ff9b::/96']);
const globalV6 = blockListOf(['2000::/3']);
const special = blockListOf([...specialV4, ...specialV6]);
/** `::ffff:a.b.c.d` and `::a.b.c.d`: another spelling of an IPv4 address, which no resolver needs. */
const embeddedV6 = blockListOf(['::/96', '::ffff:0:0/96', '::ffff:0:0:0/96']);

/** Which addresses a task may reach. The operator's own networks come first, then public space only. */
export class AddressGuard {
  readonly #allowed: BlockList;
  readonly #refused: BlockList;

  /** Both lists are CIDRs. What is refused stays refused where it is also allowed. */
  constructor(lists: { readonly allow: readonly string[]; readonly refuse: readonly string[] }) {
    this.#allowed = blockListOf(lists.allow);
    this.#refused = blockListOf(lists.refuse);
  }

  /** Judges one address; refuses whatever it cannot read. */
  check({ address, family }: Address): AddressVerdict {
    const isWellFormed = family === 4 ? isIPv4(address) : isIPv6(address);
    // A zone (`fe80::1%eth0`) names an interface of this machine.
    if (!isWellFormed || address.includes('%')) return refused('address-malformed');
    const kind = family === 4 ? 'ipv4' : 'ipv6';
    if (family === 6 && embeddedV6.check(address, 'ipv6') && !isLoopbackV6(address))
      return refused('address-not-public');
    if (this.#refused.check(address, kind)) return refused('address-by-policy');
    if (this.#allowed.check(address, kind)) return { ok: true, isOperators: true };
    if (family === 4) return publicOrNot(!special.check(address, 'ipv4'));
    if (nat64.check(address, 'ipv6')) return this.#checkTranslated(address);
    const isGlobal = globalV6.check(address, 'ipv6') && !special.check(address, 'ipv6');
    return publicOrNot(isGlobal);
  }

  #checkTranslated(address: string): AddressVerdict {
    const inner = this.check({ address: lastFourBytes(address), family: 4 });
    // What the operator opened as IPv4 was not opened by way of a translator.
    return inner.ok && !inner.isOperators ? inner : refused('address-not-public');
  }
}

function refused(reason: AddressFault): AddressVerdict {
  return { ok: false, reason };
}

function publicOrNot(isPublic: boolean): AddressVerdict {
  return isPublic ? { ok: true, isOperators: false } : refused('address-not-public');
}

/** `::1` lies in ::/96 and may be opened like any other loopback address. */
function isLoopbackV6(address: string): boolean {
  return loopbackV6.check(address, 'ipv6');
}
const loopbackV6 = blockListOf(['::1/128']);

/** The last 32 bits of an IPv6 address as dotted IPv4; the URL parser has one spelling for all. */
function lastFourBytes(address: string): string {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const tail = (canonical.split('::').at(-1) ?? '').split(':').slice(-2);
  const [high, low] = [0, 0, ...tail.map((group) => Number.parseInt(group || '0', 16))].slice(-2);
  return [high ?? 0, low ?? 0].flatMap((part) => [part >> 8, part & 0xff]).join('.');
}

function blockListOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    list.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
