import type { EgressRecord } from '../../../broker/egress-record.ts';
import { broken, held, type Observed, type Verdict } from '../../attack-case.ts';
import type { EgressSeen } from '../../egress/egress-seen.ts';
import type { Visit } from '../../egress/upstreams.ts';

type Denied = Extract<EgressRecord, { type: 'egress.denied' }>;

/** How a broker has to have refused what one case asked for. */
export interface Refusal {
  /** Recognises the case's hosts, as records and the resolver have them. */
  readonly hosts: RegExp;
  /** Stands in the path of each request of the case. */
  readonly word: string;
  /** Names of refusals; any other is not the defence that is meant. */
  readonly reasons: readonly string[];
  /** Refusals that have to be on record. */
  readonly atLeast: number;
  /** The refusal comes of the name's address: it may be looked up. */
  readonly mayAsk?: true;
  /** Addresses that mean that the broker went where it must not. */
  readonly addresses?: readonly string[];
}

/** Held when nothing of the case went anywhere and each refusal is on record by name. */
export function judgeRefusal(refusal: Refusal): (observed: Observed) => Verdict {
  return ({ egress }) => {
    const breach = breachOf(egress, refusal);
    if (breach !== undefined) return broken(breach);
    const { hosts, reasons, atLeast } = refusal;
    const denied = deniedOf(egress).filter(({ host }) => hosts.test(host));
    const foreign = denied.find(({ reason }) => !reasons.includes(reason));
    if (foreign !== undefined) return broken(`${foreign.host} was refused for ${foreign.reason}`);
    if (denied.length < atLeast)
      return broken(`${denied.length} of ${atLeast} refusals are on record`);
    return held(`${denied.length} on record: ${namesOf(denied)}; nothing was reached`);
  };
}

function breachOf(seen: EgressSeen, refusal: Refusal): string | undefined {
  const { hosts, word, mayAsk, addresses = [] } = refusal;
  const [visit] = visitsOf(seen, word);
  if (visit !== undefined) return `${visit.what} reached a listener`;
  const went = seen.dialled.find((at) => addresses.some((address) => at.startsWith(`${address}:`)));
  if (went !== undefined) return `the broker went to ${went}`;
  const asked = seen.asked.find((name) => hosts.test(name));
  if (mayAsk !== true && asked !== undefined) return `the resolver was asked for ${asked}`;
  const allowed = seen.records.find(
    ({ type, host }) => type === 'egress.allowed' && hosts.test(host),
  );
  return allowed === undefined ? undefined : `${allowed.host} was allowed`;
}

/** What came to a web listener under a path with this word in it. */
export function visitsOf({ visits }: EgressSeen, word: string): readonly Visit[] {
  return visits.filter(({ what }) => what.includes(`/${word}`));
}

/** Requests that were turned away, with the reason. */
export function deniedOf({ records }: EgressSeen): readonly Denied[] {
  return records.filter((record) => record.type === 'egress.denied');
}

/** `no-rule, tls-ech`. */
export function namesOf(denied: readonly Denied[]): string {
  return [...new Set(denied.map(({ reason }) => reason))].join(', ');
}
