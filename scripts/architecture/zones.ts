/** What a zone may name besides itself. */
export type ZoneRule = {
  /** Other zones. */
  readonly zones: readonly string[];
  /** npm packages; any that no other zone owns when left out. */
  readonly packages?: readonly string[];
  /** Whether it may touch the disk, the network or other programs. */
  readonly mayDoIo?: true;
};

const CORE = ['domain', 'errors'];
const INNER = [...CORE, 'protocol', 'policy', 'ports'];

/**
 * STYLE: dependencies point inwards. A zone is a folder of `src` (`adapters/<name>` each its own),
 * a single file of `src`, or `workers`. What is not listed here may not exist.
 */
export const ZONES: Readonly<Record<string, ZoneRule>> = {
  errors: { zones: [], packages: [] },
  domain: { zones: [], packages: ['zod'] },
  protocol: { zones: ['domain'], packages: ['zod'] },
  policy: { zones: CORE, packages: ['yaml', 'zod'] },
  prompt: { zones: [...CORE, 'protocol', 'policy'], packages: [] },
  ports: { zones: [...CORE, 'protocol', 'policy'], packages: ['zod'] },
  ledger: { zones: INNER },
  report: { zones: INNER },
  wire: { zones: INNER, mayDoIo: true },
  broker: { zones: INNER, mayDoIo: true },
  approval: { zones: [...INNER, 'report'] },
  commands: { zones: ['domain'], packages: [] },
  dispatch: { zones: [...INNER, 'approval', 'commands', 'prompt', 'report', 'wire', 'broker'] },
  doctor: { zones: [...INNER, 'ledger', 'report', 'wire', 'broker'], mayDoIo: true },
  webhooks: { zones: [...INNER, 'approval', 'dispatch'] },
  dashboard: { zones: [...INNER, 'approval', 'dispatch', 'ledger'], mayDoIo: true },
  app: { zones: [...INNER, 'webhooks'] },
  config: { zones: [...CORE, 'policy'], mayDoIo: true },
  'system-clock': { zones: [...CORE, 'ports'] },
  readiness: { zones: [...CORE, 'ports'] },
  'http-routes': { zones: [...CORE, 'ports'], mayDoIo: true },
  server: {
    zones: [...INNER, 'app', 'webhooks', 'dashboard', 'http-routes', 'readiness', 'system-clock'],
    mayDoIo: true,
  },
  // The words of the protocol (finding, path, task) are the domain's; both are pure and name zod only.
  workers: { zones: ['protocol', 'domain'], mayDoIo: true },
};

/** An adapter knows the ports it implements, and never a use case or another adapter. */
export const ADAPTER: ZoneRule = { zones: [...CORE, 'protocol', 'ports'], mayDoIo: true };

/** Besides that: the ledger's chain is pure, and SQL writes it in the transaction that reads its head. */
export const ADAPTER_EXTRAS: Readonly<Record<string, readonly string[]>> = {
  'adapters/sql': ['ledger'],
};

/** Files that put everything together: they may name every zone. */
export const COMPOSITION = [
  'main',
  'start',
  'wiring',
  'open-queues',
  'open-runner',
  'open-egress',
  'guarded-runner',
  'cli',
];

/** Packages that only these zones may name: elsewhere they would tie us to a product. */
export const OWNED_PACKAGES: readonly {
  readonly name: RegExp;
  readonly zones: readonly string[];
}[] = [
  { name: /^(probot|@octokit\/.+|octokit)$/, zones: ['adapters/octokit', 'webhooks', 'app'] },
  { name: /^undici$/, zones: ['adapters/octokit'] },
  { name: /^dockerode$/, zones: ['adapters/docker'] },
  { name: /^bullmq$/, zones: ['adapters/bullmq'] },
  { name: /^ioredis$/, zones: ['adapters/bullmq', 'adapters/redis'] },
  { name: /^kysely$/, zones: ['adapters/sql'] },
];

/** Node's modules that reach outside the process. */
export const IO_BUILTINS =
  /^node:(child_process|cluster|dgram|dns|fs|http|https|http2|inspector|net|os|readline|repl|sqlite|tls|vm|worker_threads)(\/|$)/;

/** Files that may read `process.env`: the control plane's configuration, and a sandbox's entries. */
export const ENVIRONMENT_READERS = /^(src\/config\.ts|workers\/([a-z-]+\/)+main\.ts)$/;

/** STYLE: look again at 200 lines. */
export const MAX_LINES = 200;

/** STYLE: names that say nothing. `base` only by itself: base branch and base SHA are the field's terms. */
export const BANNED_NAMES = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'manager',
  'service',
  'base',
];
