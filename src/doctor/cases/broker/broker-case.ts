import type { Speech } from '../../../protocol/containment.ts';
import type { SandboxCase, Setup } from '../../attack-case.ts';
import type { Places } from '../../egress/egress-seen.ts';
import type { NameTable } from '../../egress/table-resolver.ts';
import { closedAddress, openAddress } from '../../egress/upstreams.ts';
import { operatorKeyName } from '../../egress/way-out.ts';

/** The route of the suite; its upstream is the open web server. */
export const modelAuthority = 'suite.model.sallyport.internal';
/** The one model that the route takes. */
export const allowedModel = 'allowed-model';
/** Where `/redirect` leads, to which no rule does. */
export const redirectedHost = 'redirected.example';
/** Addresses of clouds' metadata services, by the name that leads there. */
export const metadataNames = {
  'metadata.web.example': '169.254.169.254',
  'metadata-v6.web.example': 'fd00:ec2::254',
  'metadata-shared.web.example': '100.100.100.200',
} as const;
/** Addresses of this host, its network and documentation ranges (RFC 5737, RFC 3849), in several spellings. */
export const innerNames = {
  'inner.web.example': closedAddress,
  'inner-any.web.example': '0.0.0.0',
  'inner-v6.web.example': '::1',
  'inner-mapped.web.example': '::ffff:127.0.0.2',
  'inner-nat64.web.example': '64:ff9b::7f00:2',
  'inner-test.web.example': '192.0.2.1',
  'inner-test-v6.web.example': '2001:db8::1',
} as const;

const open = (...hosts: readonly string[]): NameTable =>
  Object.fromEntries(hosts.map((host) => [host, [[openAddress]]]));
const each = (table: Readonly<Record<string, string>>): NameTable =>
  Object.fromEntries(Object.entries(table).map(([host, address]) => [host, [[address]]]));

/** What names mean to the suite's resolver. */
const suiteNames: NameTable = {
  ...open('write.web.example', 'redirect.web.example', 'spelled.web.example', 'ports.web.example'),
  ...open('paths.web.example', 'flood.web.example', 'slow.web.example', 'fronted.web.example'),
  ...open('sni.tunnel.example', 'no-sni.tunnel.example', 'ech.tunnel.example'),
  ...open('raw.tunnel.example', 'slow.tunnel.example', 'ports.tunnel.example'),
  ...each(metadataNames),
  ...each(innerNames),
  'mixed.web.example': [[openAddress, '192.0.2.7']],
  // The first look-up is harmless; a broker that looks again before it connects gets the other one.
  'rebound.web.example': [[openAddress], ['192.0.2.8']],
  'spelled-denied.example': [[closedAddress]],
  [redirectedHost]: [[closedAddress]],
};

/** Ceilings that none of the quiet cases reaches. */
const roomy = {
  networkBytes: 8 * 1024 * 1024,
  requests: 2_000,
  connections: 500,
  concurrent: 32,
  headerBytes: 8 * 1024,
  bodyBytes: 1024 * 1024,
};

/** A policy with one rule to read, one for tunnels and a model route; only `127.0.0.1` is opened. */
export function suitePolicy(
  { webPort, rawPort }: Places,
  change: { readonly methods?: readonly string[]; readonly limits?: object } = {},
): object {
  const { methods = ['GET', 'HEAD'], limits = {} } = change;
  const upstream = `http://${openAddress}:${webPort}/model`;
  return {
    allowAddresses: [`${openAddress}/32`],
    limits: { ...roomy, ...limits },
    rules: [
      {
        id: 'web',
        host: '*.web.example',
        port: webPort,
        methods,
        paths: ['/open/**', '/redirect'],
      },
      { id: 'tunnel', host: '*.tunnel.example', port: rawPort, methods: ['CONNECT'] },
    ],
    modelRoutes: [
      {
        id: 'model',
        kind: 'anthropic-messages',
        authority: modelAuthority,
        upstream,
        credential: { name: operatorKeyName, header: 'x-api-key' },
        paths: ['/v1/messages'],
        models: [allowedModel],
        limits: { tokens: 1_000_000, costMicroUsd: 1_000_000 },
        unpriced: 'allow',
      },
    ],
  };
}

/** Cases under one set-up of the broker share a sandbox, and with it the broker. */
export const suiteSetup: Setup = {
  agentMs: 90_000,
  limits: { wallClockMs: 100_000 },
  egress: {
    policy: (places) => suitePolicy(places),
    names: suiteNames,
    redirectTo: (webPort) => `http://${redirectedHost}:${webPort}/open/redirected`,
  },
};

/** What a case of the broker is, besides its id and title. */
export interface BrokerParts {
  /** Bytes on the sandbox's proxy. */
  readonly says: (places: Places) => readonly Speech[];
  readonly judge: SandboxCase['judge'];
  readonly setup?: Setup;
  /** A ceiling of the task ends it: a sandbox of its own. */
  readonly isLoud?: true;
}

/** A case that speaks to the broker as a hostile client would. */
export function brokerCase(id: string, title: string, parts: BrokerParts): SandboxCase {
  const { says, judge, setup = suiteSetup, isLoud = false } = parts;
  // Judged by what the control plane saw: an attempt that was cut off has been made all the same.
  return { kind: 'sandbox', id, title, setup, isQuiet: !isLoud, mayDie: true, says, judge };
}
