import { Permission } from '../../../src/domain/repository.ts';

/**
 * What the language promises of one leaf, by hand and without the table of rules that is under test.
 * `above` is the effective value of the layers above.
 */
export interface LeafOrder {
  /** What documents say in the tests: looser and stricter ones. */
  readonly said: readonly unknown[];
  /** May a layer below say this? */
  readonly mayStand: (above: unknown, said: unknown) => boolean;
  /** Is the effective value below no looser than the one above? */
  readonly isHeld: (above: unknown, below: unknown) => boolean;
}

function includes(outer: unknown, inner: unknown): boolean {
  const [all, some] = [outer, inner].map((list) => (list as unknown[]).map((one) => text(one)));
  return (some ?? []).every((one) => all?.includes(one));
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A ceiling: nothing said is no ceiling. */
function atMost(...said: readonly number[]): LeafOrder {
  const fits = (above: unknown, below: unknown): boolean =>
    above === undefined || (typeof below === 'number' && below <= (above as number));
  return { said, mayStand: fits, isHeld: fits };
}

/** Around what the operator of the tests says. */
function around(value: number): LeafOrder {
  return atMost(value / 2, value, value * 2);
}

function inOrder(...loosestFirst: readonly unknown[]): LeafOrder {
  const fits = (above: unknown, below: unknown): boolean =>
    loosestFirst.indexOf(below) >= loosestFirst.indexOf(above);
  return { said: loosestFirst, mayStand: fits, isHeld: fits };
}

function partOf(...said: readonly (readonly string[])[]): LeafOrder {
  return { said, mayStand: includes, isHeld: includes };
}

/** Open until a layer says something, and a part of that from there on. */
function partOnceSaid(...said: readonly (readonly string[])[]): LeafOrder {
  const fits = (above: unknown, below: unknown): boolean =>
    ((above ?? []) as unknown[]).length === 0 || includes(above, below);
  return { said, mayStand: fits, isHeld: fits };
}

/** A list that grows: what stood above stands below. */
function moreOf(...said: readonly unknown[]): LeafOrder {
  return { said, mayStand: () => true, isHeld: (above, below) => includes(below, above) };
}

/** Widens nothing, whatever is said. */
function free(...said: readonly unknown[]): LeafOrder {
  return { said, mayStand: () => true, isHeld: () => true };
}

function operatorOnly(...said: readonly unknown[]): LeafOrder {
  return { said, mayStand: () => false, isHeld: (above, below) => text(above) === text(below) };
}

function rank({ permission = 'none' }: { readonly permission?: Permission }): number {
  return Permission.options.indexOf(permission);
}

/** Every `who` of the layers above still has to be satisfied. */
function people(key: string): Readonly<Record<string, LeafOrder>> {
  const joins = { mayStand: () => true, isHeld: moreOf().isHeld };
  const who = (part: string, ...said: readonly unknown[]): readonly [string, LeafOrder] => [
    `${key}.${part}`,
    { said, ...joins },
  ];
  const permission: LeafOrder = {
    said: ['read', 'write', 'admin'],
    mayStand: (above, said) =>
      (above as object[]).every((one) => rank(one) <= rank({ permission: said as Permission })),
    isHeld: joins.isHeld,
  };
  return {
    [`${key}.permission`]: permission,
    ...Object.fromEntries([
      who('teams', ['acme/dev'], []),
      who('users', ['mona'], []),
      who('codeOwners', true),
      who('author', true),
    ]),
  };
}

function budgets(
  scope: string,
  amounts = ['tasks', 'minutes', 'tokens', 'costMicroUsd', 'requests'],
): Readonly<Record<string, LeafOrder>> {
  return Object.fromEntries(
    amounts.map((amount) => [`budgets.${scope}.${amount}`, atMost(0, 2_000, 300_000_000)]),
  );
}

const protection = moreOf(['infra/**'], ['a', 'b/**'], ['!a/**'], []);
const quiet = { days: ['mon'], from: '22:00', to: '06:00', timeZone: 'UTC' };
const [one, two, three] = ['1', '2', '3'].map((digit) => `sha256:${digit.repeat(64)}`);

/** Leaves of what the top and a task may say, by their name under either. */
export const ceilingOrders: Readonly<Record<string, LeafOrder>> = {
  runtime: inOrder('runc', 'runsc'),
  forks: inOrder('run', 'wait', 'refuse'),
  'inputs.include': moreOf(['src/**'], ['docs/**', 'src/**']),
  'inputs.exclude': moreOf(['**/*.pem'], []),
  'outputs.comments': inOrder('automatic', 'none'),
  'outputs.suggestions': inOrder('automatic', 'none'),
  'outputs.patch': inOrder('approval', 'none'),
  'outputs.pullRequest': inOrder('ready', 'draft'),
  'outputs.labels': partOf([], ['bug'], ['bug', 'docs']),
  'outputs.answer': inOrder('automatic', 'none'),
  ...people('run'),
  ...people('approve'),
  'approvals.count': {
    said: [1, 2, 3],
    mayStand: (above, said) => (said as number) >= (above as number),
    isHeld: (above, below) => (below as number) >= (above as number),
  },
  'approvals.requesterMayApprove': inOrder(true, false),
  'approvals.codeOwners': inOrder(false, true),
  'approvals.expiresAfterHours': around(168),
  'limits.memoryBytes': around(4_294_967_296),
  'limits.cpus': around(2),
  'limits.pids': around(256),
  'limits.openFiles': around(4_096),
  'limits.workspaceBytes': around(1_073_741_824),
  'limits.workspaceInodes': around(200_000),
  'limits.tmpBytes': around(268_435_456),
  'limits.wallClockMs': around(600_000),
  'limits.inputFileBytes': around(33_554_432),
  'limits.eventBytes': around(4_194_304),
  'limits.resultBytes': around(16_777_216),
  'limits.resultFiles': around(500),
  'limits.findings': around(5_000),
  'egress.use': partOf([], ['claude'], ['claude', 'npm']),
  'egress.limits.networkBytes': around(268_435_456),
  'egress.limits.requests': around(2_000),
  'egress.limits.connections': around(500),
  'egress.limits.concurrent': around(16),
  'egress.limits.headerBytes': atMost(256, 12_287, 12_288),
  'egress.limits.bodyBytes': around(67_108_864),
  ...budgets('perTask', ['tokens', 'costMicroUsd', 'requests']),
  ...budgets('perPullRequest'),
  ...budgets('perRepository'),
  ...budgets('perOrganisation'),
  protectedPaths: {
    ...protection,
    mayStand: (_above, said) => !(said as string[]).some((path) => path.startsWith('!')),
  },
  'patch.paths': moreOf(['docs/**'], ['src/**', '*.md']),
  'patch.maxFiles': around(200),
  'patch.maxFileBytes': around(1_048_576),
  'patch.maxBytes': around(8_388_608),
  'review.maxComments': around(20),
  'review.maxFileComments': atMost(0, 5, 8, 20),
  'review.summaryComment': inOrder('sticky', 'none'),
  'review.linkHosts': partOf(
    [],
    ['docs.example'],
    ['api.docs.example', 'docs.example'],
    ['docs.example', 'xn--bcher-kva.example'],
  ),
  'review.inline': inOrder('findings', 'suggestions'),
  'review.refuted': inOrder('drop', 'downgrade', 'keep'),
  'review.unsure': inOrder('drop', 'downgrade', 'keep'),
  'verify.commands': moreOf([{ name: 'test', run: ['npm', 'test'] }], []),
  'verify.required': inOrder(false, true),
  'conclusion.failOn': inOrder('never', 'error', 'warning', 'info'),
  'conclusion.ownFailure': inOrder('neutral', 'failure'),
  'conclusion.skipped': free('skipped', 'success'),
  quietHours: moreOf([quiet], [{ ...quiet, from: '12:00' }], []),
};

/** Leaves of the top alone. */
export const topOrders: Readonly<Record<string, LeafOrder>> = {
  version: free(1),
  'check.name': operatorOnly('sallyport', 'other'),
  agents: partOf([], ['linters', 'claude-code'], ['linters', 'hermes']),
  images: partOf([], [one ?? ''], [one ?? '', three ?? '']),
  'concurrency.perRepository': around(4),
  'concurrency.perOrganisation': around(20),
  'commands.short': free(true, false),
  'loop.rounds': atMost(1, 3, 5),
  'loop.chainDepth': atMost(0, 1, 2),
  'egress.rules': operatorOnly([], [{ id: 'x', host: 'x.example', methods: ['CONNECT'] }]),
  'egress.modelRoutes': operatorOnly([]),
  'egress.allowAddresses': operatorOnly([], ['10.0.0.0/8']),
  'egress.refuseAddresses': operatorOnly([], ['192.0.2.0/24']),
};

/** Leaves of a task alone. */
export const taskOrders: Readonly<Record<string, LeafOrder>> = {
  enabled: inOrder(true, false),
  agent: {
    said: ['linters', 'claude-code', 'hermes'],
    mayStand: (_above, said) => said !== 'hermes',
    isHeld: (_above, below) => below !== 'hermes',
  },
  purpose: free('review', 'fix', 'tests', 'docs', 'triage'),
  'model.route': free(null, 'claude'),
  'model.name': free(null, 'claude-sonnet-4-5'),
  commands: free([], [{ name: 'fix', run: ['./fix.sh', '--all'] }]),
  'secondOpinion.agent': {
    said: [null, 'linters', 'claude-code', 'hermes'],
    mayStand: (_above, said) => said !== 'hermes',
    isHeld: (_above, below) => below !== 'hermes',
  },
  'secondOpinion.model.route': free(null, 'claude'),
  'secondOpinion.model.name': free(null, 'claude-sonnet-4-5'),
  image: {
    said: [null, one, two, three],
    mayStand: (above, said) => (above === null ? said !== three : said === above),
    isHeld: (above, below) => above === null || below === above,
  },
  instructions: free(null, 'docs/agents.md'),
  'parameters.names': partOnceSaid(['a'], ['a', 'b'], ['b']),
  'parameters.values.*': partOnceSaid(['low'], ['low', 'high'], ['high']),
  'triggers.events': free([], ['opened']),
  'triggers.issues': free([], ['opened']),
  'triggers.branches': free(['main']),
  'triggers.paths': free(['src/**']),
  'triggers.ignorePaths': free([], ['docs/**']),
  'triggers.labels.any': free([], ['a']),
  'triggers.labels.none': free([], ['b']),
  'triggers.drafts': free(true, false),
  'triggers.command': free(true, false),
};
