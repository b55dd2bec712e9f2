import { type BrokerOptions, createBroker } from '../../../../src/broker/create-broker.ts';
import type { Bench } from '../../../../src/doctor/bench.ts';
import type { EgressPolicy } from '../../../../src/policy/egress-policy.ts';
import type { Mutation } from './mutation.ts';
import { naiveBroker } from './naive-broker.ts';

type Opens = (options: BrokerOptions) => ReturnType<typeof createBroker>;

const opening =
  (open: Opens) =>
  ({ egress }: Bench): Partial<Bench> => ({ egress: { ...egress, open } });

/** The broker as it is, under a policy that one thing was added to. */
const under = (change: (policy: EgressPolicy) => object) =>
  opening(({ policy, ...options }) => {
    const changed = { ...policy, ...change(policy) };
    return createBroker({ ...options, policy: changed });
  });
const withRoute = (part: object) =>
  under(({ modelRoutes }) => ({
    modelRoutes: modelRoutes.map((route) => ({ ...route, ...part })),
  }));
/** Of the rule that reads; tunnels have nothing that could be changed. */
const withRule = (part: object) =>
  under(({ rules }) => ({
    rules: rules.map((one) => (one.id === 'web' ? { ...one, ...part } : one)),
  }));

const everything = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const hour = 3_600_000;

/** The broker's defences, each taken away. */
export const brokerMutations: readonly Mutation[] = [
  {
    name: 'naive-broker',
    cases: [
      'broker.literals',
      'broker.spellings',
      'broker.secret-names',
      'broker.other-sni',
      'broker.no-sni',
      'broker.encrypted-hello',
      'broker.no-tls',
      'broker.other-ports',
      'broker.redirect',
      'broker.rebinding',
    ],
    bench: opening(naiveBroker),
  },
  {
    name: 'open-addresses',
    cases: ['broker.metadata-names', 'broker.inner-names', 'broker.mixed-addresses'],
    bench: under(() => ({ allowAddresses: ['0.0.0.0/0', '::/0'] })),
  },
  {
    name: 'host-header',
    cases: ['broker.fronted-host'],
    image: { supervisor: [['name === "host" || ', '']] },
    bench: opening(naiveBroker),
  },
  {
    name: 'every-method',
    cases: ['broker.write-methods'],
    bench: withRule({ methods: everything }),
  },
  { name: 'every-path', cases: ['broker.paths'], bench: withRule({ paths: ['/**'] }) },
  {
    name: 'proxy-as-supervisor',
    cases: ['broker.control-plane'],
    image: {
      supervisor: [
        [/host\d*\.toLowerCase\(\)\.replace\([^)]*\) === controlAuthority/g, 'false'],
        [/authority: `\$\{host\d*\}:\$\{port\d*\}`/g, 'authority: host'],
      ],
    },
  },
  { name: 'model-key', cases: ['broker.model-key'], bench: withRoute({ credential: undefined }) },
  {
    name: 'foreign-model-key',
    cases: ['broker.model-key'],
    bench: opening((options) => createBroker({ ...options, modelKey: 'attacker-0123456789' })),
  },
  {
    name: 'every-model-path',
    cases: ['broker.model-path'],
    bench: withRoute({ paths: ['/v1/messages', '/v1/files', '/v1/messages/batches'] }),
  },
  {
    name: 'every-model',
    cases: ['broker.model-name'],
    bench: withRoute({ models: ['allowed-model', 'expensive-model'] }),
  },
  {
    name: 'remote-tools',
    cases: ['broker.model-remote'],
    bench: withRoute({ allowRemote: ['web_search_20250305', 'url'], allowFields: ['mcp_servers'] }),
  },
  {
    name: 'ceilings-of-egress',
    cases: [
      'broker.request-flood',
      'broker.connection-flood',
      'broker.byte-flood',
      'broker.many-sockets',
    ],
    bench: under(({ limits }) => ({
      limits: {
        ...limits,
        networkBytes: 1e9,
        requests: 1e6,
        connections: 1e6,
        concurrent: 32,
      },
    })),
  },
  {
    name: 'patience',
    cases: ['broker.slow-hello', 'broker.slow-body'],
    bench: opening((options) =>
      createBroker({ ...options, timeouts: { helloMs: hour, idleMs: hour } }),
    ),
  },
];
