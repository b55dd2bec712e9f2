import { z } from 'zod';
import {
  broken,
  held,
  type Observed,
  quietCase,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';
import { judgeAnswers } from '../judge-answers.ts';

/** No route, or nobody there: the sandbox's own loopback is empty. */
const unreachable = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'ECONNREFUSED', 'EACCES'];
/** A resolver that does not answer, or none at all. */
const noName = ['EAI_AGAIN', 'ENOTFOUND', 'ESERVFAIL', 'EAI_FAIL'];

function unvisited(observed: Observed, verdict: Verdict): Verdict {
  // The host's own word stands above everything that the sandbox says.
  if (observed.visits > 0) return broken(`${observed.visits} reached a listener of the host`);
  return verdict.held ? held(`${verdict.evidence}; nothing reached the host`) : verdict;
}

function judgeConnections(atLeast: number) {
  return (observed: Observed) =>
    unvisited(observed, judgeAnswers(observed, { codes: unreachable, atLeast }));
}

/** Loopback is there, so a datagram to it is taken; whether it arrived at the host, the host knows. */
function judgeDatagrams(observed: Observed, field = 'answers') {
  const answers = z.record(z.string(), z.string()).catch({}).parse(observed.facts[field]);
  const foreign = Object.entries(answers).filter(([target]) => !target.startsWith('127.'));
  const facts = { ...observed.facts, [field]: Object.fromEntries(foreign) };
  const verdict = judgeAnswers({ ...observed, facts }, { codes: unreachable, atLeast: 0 }, field);
  const made = Object.keys(answers).length > 0;
  return unvisited(observed, made ? verdict : broken('no datagram was sent'));
}

const Names = z.object({ nameServers: z.array(z.string()) });

function judgeNames(observed: Observed): Verdict {
  const parsed = Names.safeParse(observed.facts);
  if (!parsed.success) return broken('the attempt did not look for a resolver');
  const foreign = parsed.data.nameServers.filter((address) => !/^(127\.|::1$)/.test(address));
  if (foreign.length > 0) return broken(`the sandbox is told of ${foreign.join(', ')}`);
  const datagrams = judgeDatagrams(observed, 'sent');
  if (!datagrams.held) return datagrams;
  return unvisited(observed, judgeAnswers(observed, { codes: noName, atLeast: 0 }));
}

function judgeAbstract(observed: Observed): Verdict {
  const named = z.array(z.string()).safeParse(observed.facts['named']);
  if (!named.success) return broken('the attempt did not look for sockets');
  if (named.data.length > 0)
    return broken(`sockets in sight: ${named.data.slice(0, 6).join(', ')}`);
  return judgeConnections(1)(observed);
}

const Interfaces = z.object({
  interfaces: z.array(z.string()),
  addresses: z.array(z.string()),
  routes: z.array(z.string()),
});

function judgeInterfaces({ facts }: Observed): Verdict {
  const parsed = Interfaces.safeParse(facts);
  if (!parsed.success) return broken('the attempt did not look');
  const { interfaces, addresses, routes } = parsed.data;
  const foreign = [
    ...interfaces.filter((name) => name !== 'lo'),
    ...addresses.filter((address) => !/^(127\.|::1$)/.test(address)),
    ...routes,
  ];
  return foreign.length > 0
    ? broken(foreign.slice(0, 6).join(', '))
    : held(`interfaces: ${interfaces.join(', ') || 'none'}; no route`);
}

/** Ways to send anything anywhere. */
export const networkCases: readonly SandboxCase[] = [
  quietCase('network.interfaces', 'find an interface or a route', judgeInterfaces),
  quietCase('network.addresses', 'connect to any address, v4 and v6', judgeConnections(1)),
  quietCase('network.metadata', 'ask a metadata service for credentials', judgeConnections(1)),
  quietCase('network.datagrams', 'send UDP: DNS, QUIC', (observed) => judgeDatagrams(observed)),
  quietCase('network.icmp', 'send ICMP, by a raw socket or without', (observed) =>
    judgeAnswers(observed, { codes: [...unreachable, 'EPERM'], atLeast: 1 }),
  ),
  quietCase('network.names', 'resolve a name, or find a resolver', judgeNames),
  quietCase('network.abstract-sockets', "reach the host's abstract unix sockets", judgeAbstract),
];
