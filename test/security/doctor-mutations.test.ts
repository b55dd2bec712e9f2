/* oxlint-disable max-lines -- one table: each case beside the defence that is taken away */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SandboxCase } from '../../src/doctor/attack-case.ts';
import type { Bench } from '../../src/doctor/bench.ts';
import { type AttackCase, allCases } from '../../src/doctor/cases/all-cases.ts';
import { runTogether } from '../../src/doctor/run-case.ts';
import { runSuite } from '../../src/doctor/run-suite.ts';
import type { SandboxResult } from '../../src/wire/receive-result.ts';
import { testBench } from '../support/sandbox/test-bench.ts';
import { type ImageWeakness, weakenedImage } from '../support/sandbox/weakened-image.ts';
import { type Weaken, weakenedSandbox } from '../support/sandbox/weakened-sandbox.ts';

/** A defence taken away, and the cases that must notice. */
interface Mutation {
  readonly name: string;
  readonly cases: readonly string[];
  readonly options?: Weaken;
  readonly image?: ImageWeakness;
  readonly setup?: SandboxCase['setup'];
  /** What the cases are then granted would be in the way of those behind them. */
  readonly isEachAlone?: true;
  readonly bench?: (bench: Bench) => Partial<Bench>;
}

const mebibyte = 1024 * 1024;

function host(part: Partial<HostConfig>): Weaken {
  return (options) => ({ ...options, HostConfig: { ...options.HostConfig, ...part } });
}

function tmpfsWithout(what: RegExp, instead: string): Weaken {
  return (options) => {
    const mounts = Object.entries(options.HostConfig?.Tmpfs as Record<string, string>);
    const Tmpfs = Object.fromEntries(mounts.map(([at, text]) => [at, text.replace(what, instead)]));
    return host({ Tmpfs, Memory: 2048 * mebibyte, MemorySwap: 2048 * mebibyte })(options);
  };
}

function ulimit(Name: string, most: number): Weaken {
  return (options) => {
    const others = (options.HostConfig?.Ulimits ?? []) as { Name?: string }[];
    const Ulimits = [
      ...others.filter((one) => one.Name !== Name),
      { Name, Soft: most, Hard: most },
    ];
    return host({ Ulimits })(options);
  };
}

/** Every capability but SYS_RESOURCE, which an engine that is itself confined cannot give. */
const capabilities =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP NET_ADMIN NET_RAW IPC_LOCK ' +
  'SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_TIME MKNOD SYSLOG';
/** Every right that there is. The attempts ask for rights and use none that would hurt the host. */
const privileged = host({
  ReadonlyRootfs: false,
  CapDrop: [],
  CapAdd: capabilities.split(' '),
  SecurityOpt: ['seccomp=unconfined'],
  MaskedPaths: [],
  ReadonlyPaths: [],
  DeviceCgroupRules: ['a *:* rwm'],
  Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/kmsg', CgroupPermissions: 'r' }],
  Binds: ['/sys:/sys'],
});
/** The agent is root, and what would answer for the kernel does not. */
const rootAgent: ImageWeakness = {
  supervisor: [[/"--inject=ptrace:error=EPERM",/g, '']],
  lines: ['RUN sed -i "s/^agent:x:1000:1000:/agent:x:0:0:/" /etc/passwd'],
};
const ownEnvironment: Weaken = (options: ContainerCreateOptions) =>
  privileged({
    ...options,
    Env: [...(options.Env ?? []), ...Object.entries(process.env).map(([k, v]) => `${k}=${v}`)],
  });
/** Only the host's own loopback: nothing may leave this machine while the network is open. */
const loopbackOnly = ({ bait }: Bench): Partial<Bench> => {
  const tcp = [{ host: '127.0.0.1', port: bait.tcpPort }];
  const udp = [{ host: '127.0.0.1', port: bait.udpPort }];
  return { targets: { tcp, metadata: tcp, udp, names: [], icmp: ['127.0.0.1'] } };
};
const following: ImageWeakness = {
  supervisor: [
    [/entry\.isSymbolicLink\(\)/g, 'false'],
    [/!(entry|stat)\.isFile\(\)/g, 'false'],
    [/constants\d*\.O_NOFOLLOW/g, '0'],
  ],
};
const taken: SandboxResult = {
  manifest: {
    protocol: 1,
    agent: { exitCode: 0, signal: null, timedOut: false },
    report: null,
    reportError: null,
    changes: [],
  },
  files: new Map(),
  bytes: 0,
};

const privilegeCases = [
  'escape.become-root',
  'escape.mount',
  'escape.umount',
  'escape.remount-root',
  'escape.read-only-root',
  'escape.chroot',
  'escape.namespaces',
  'escape.own-namespace',
  'escape.device-nodes',
  'escape.devices',
  'escape.trace-supervisor',
  'escape.supervisor-files',
  'escape.process-memory',
  'escape.bpf',
  'escape.perf-event',
  'escape.userfaultfd',
  'escape.io-uring',
  'escape.keyring',
  'escape.file-handles',
  'escape.kernel-modules',
  'escape.machine',
  'escape.raw-sockets',
  'escape.kernel-settings',
  'escape.core-pattern',
  'escape.kernel-memory',
  'escape.sysfs',
  'escape.cgroup',
  'credentials.files',
];

const mutations: readonly Mutation[] = [
  {
    name: 'privileged-root',
    cases: privilegeCases,
    options: privileged,
    image: rootAgent,
    isEachAlone: true,
    setup: { limits: { wallClockMs: 20_000 } },
  },
  {
    name: 'no-filter',
    cases: [
      'escape.namespaces',
      'escape.own-namespace',
      'escape.userfaultfd',
      'escape.perf-event',
      'escape.io-uring',
      'escape.keyring',
      'escape.process-memory',
    ],
    options: host({ SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] }),
  },
  { name: 'pids', cases: ['resources.fork-bomb'], options: host({ PidsLimit: 2_000 }) },
  {
    name: 'memory',
    cases: ['resources.memory'],
    options: host({ Memory: 2048 * mebibyte, MemorySwap: 2048 * mebibyte }),
  },
  { name: 'cpu', cases: ['resources.cpu'], options: host({ CpuQuota: -1 }) },
  {
    name: 'wall-clock',
    cases: ['resources.wall-clock'],
    setup: { agentMs: 3_600_000, limits: { wallClockMs: 6_000 } },
  },
  {
    name: 'tmpfs-sizes',
    cases: ['workspace', 'tmp', 'home', 'task', 'out', 'shm'].map((at) => `resources.disk-${at}`),
    options: tmpfsWithout(/size=\d+,nr_inodes=\d+/, 'size=1g'),
  },
  {
    name: 'inodes',
    cases: ['resources.inodes'],
    options: tmpfsWithout(/nr_inodes=\d+/, 'nr_inodes=1000000'),
  },
  { name: 'open-files', cases: ['resources.open-files'], options: ulimit('nofile', 4_096) },
  { name: 'core', cases: ['resources.core-dump'], options: ulimit('core', -1) },
  {
    name: 'log-cap',
    cases: ['resources.output'],
    image: { supervisor: [['maxTotalBytes = 1024 * 1024', 'maxTotalBytes = 1e12']] },
  },
  {
    name: 'line-cap',
    cases: ['resources.endless-line'],
    image: {
      supervisor: [
        ['maxLineLength = 16384', 'maxLineLength = 1e12'],
        ['maxTotalBytes = 1024 * 1024', 'maxTotalBytes = 1e12'],
      ],
    },
  },
  {
    name: 'raw-terminal',
    cases: ['resources.terminal-codes'],
    bench: () => ({ show: (event) => (event.type === 'log' ? event.text : '') }),
  },
  {
    name: 'setuid-file',
    cases: ['escape.setuid-files'],
    image: { lines: ['RUN chmod u+s /usr/bin/id'] },
  },
  {
    name: 'host-network',
    cases: [
      'network.interfaces',
      'network.addresses',
      'network.metadata',
      'network.datagrams',
      'network.names',
      'network.abstract-sockets',
    ],
    options: host({ NetworkMode: 'host', Dns: undefined, DnsSearch: undefined }),
    bench: loopbackOnly,
  },
  {
    name: 'environment',
    cases: ['credentials.environment', 'credentials.sentinel'],
    options: ownEnvironment,
    image: rootAgent,
  },
  {
    name: 'followed-links',
    cases: ['files.symlink', 'files.socket', 'files.report-symlink'],
    image: following,
  },
  {
    name: 'waiting-opens',
    cases: ['files.fifo', 'files.report-fifo'],
    image: {
      supervisor: [
        ...(following.supervisor ?? []),
        // Not the supervisor's own pipe, which is opened for reading and writing or as O_RDONLY | it.
        [/0 \| constants\d*\.O_NONBLOCK/g, '0'],
      ],
    },
    setup: { limits: { wallClockMs: 5_000 } },
  },
  {
    name: 'taken-devices',
    cases: ['files.device'],
    options: privileged,
    image: {
      supervisor: [...(following.supervisor ?? []), ...(rootAgent.supervisor ?? [])],
      lines: rootAgent.lines ?? [],
    },
  },
  {
    name: 'reading-as-root',
    cases: ['files.unreadable'],
    options: host({ CapAdd: ['SETUID', 'SETGID', 'KILL', 'SYS_PTRACE', 'DAC_OVERRIDE'] }),
    image: { supervisor: [['const isRoot = process.getuid?.() === 0', 'const isRoot = false']] },
  },
  {
    name: 'any-path',
    cases: ['files.odd-names', 'files.git-folder'],
    image: {
      supervisor: [['function isRepoPath(path) {', 'function isRepoPath(path) { return true;']],
    },
  },
  {
    name: 'special-bits',
    cases: ['files.setuid-bit'],
    image: { supervisor: [['specialBits = 3584', 'specialBits = 0']] },
  },
  {
    name: 'depth',
    cases: ['files.deep-tree'],
    image: { supervisor: [['maxDepth = 100', 'maxDepth = 1e9']] },
  },
  {
    name: 'result-files',
    cases: ['files.many'],
    bench: ({ serve }) => ({
      serve: (wire, task) => serve(wire, { ...task, limits: { ...task.limits, resultFiles: 1e6 } }),
    }),
  },
  {
    name: 'result-bytes',
    cases: ['files.too-large', 'files.too-many-bytes'],
    setup: { head: { 'given.txt': 'given\n' }, limits: { resultBytes: 64 * mebibyte } },
  },
  {
    name: 'no-kill',
    cases: ['files.daemon'],
    image: { supervisor: [[/process\.kill\(pid\d*, name\)/g, 'void 0']] },
    setup: { limits: { wallClockMs: 6_000 } },
  },
  {
    name: 'report-size',
    cases: ['files.report-huge'],
    image: { supervisor: [['maxReportBytes = 6 * 1024 * 1024', 'maxReportBytes = 1e9']] },
  },
  {
    name: 'report-schema',
    cases: ['files.report-invalid'],
    image: {
      supervisor: [
        [
          'AgentReport.safeParse(JSON.parse(readRegularFile(place)))',
          '{ success: true, data: JSON.parse(readRegularFile(place)) }',
        ],
      ],
    },
  },
  {
    name: 'open-wire',
    cases: ['wire.supervisor-output', 'wire.signal-supervisor'],
    options: privileged,
    image: rootAgent,
    setup: { limits: { wallClockMs: 15_000 } },
  },
  {
    name: 'credulous-control-plane',
    cases: [
      'wire.garbage',
      'wire.second-result',
      'wire.foreign-requests',
      'wire.endless-headers',
      'wire.not-json',
      'wire.short-result',
      'wire.long-result',
      'files.path-traversal',
      'files.absolute-path',
      'files.path-twice',
    ],
    bench: () => ({ serve: async () => taken }),
  },
  {
    name: 'stdin-stays-open',
    cases: ['residue.lost-control-plane'],
    options: (options) => ({ ...options, StdinOnce: false }),
  },
  {
    name: 'no-labels',
    cases: ['residue.reaped'],
    options: (options) => ({ ...options, Labels: {} }),
  },
  {
    name: 'nothing-is-removed',
    cases: ['residue.removed'],
    bench: ({ sandbox }) => ({
      sandbox: {
        start: async (spec) => {
          const running = await sandbox.start(spec);
          return {
            imageDigest: running.imageDigest,
            wire: running.wire,
            stderr: running.stderr,
            ended: () => running.ended(),
            destroy: async () => undefined,
          };
        },
        removeOwned: async () => [],
        removeExpired: async () => [],
        ping: () => sandbox.ping(),
      },
    }),
  },
];

function weakerSetup(one: AttackCase, { setup, isEachAlone }: Mutation): AttackCase {
  if (one.kind !== 'sandbox') return one;
  const isQuiet = one.isQuiet && isEachAlone !== true;
  const limits = { ...one.setup.limits, ...setup?.limits };
  return { ...one, isQuiet, setup: { ...one.setup, ...setup, limits } };
}

/** Cases whose defence cannot be taken away here, and why. `escape.engine-socket` has a test of its own. */
const gaps: Readonly<Record<string, string>> = {
  'files.hard-link': 'a link to another file system is EXDEV whatever the rights',
};

describe('every case of the containment suite', () => {
  test('has its defence taken away below, or a reason why not', () => {
    const covered = new Set([
      ...mutations.flatMap(({ cases }) => cases),
      ...Object.keys(gaps),
      'escape.engine-socket',
    ]);
    const missing = allCases(() => '').filter(({ id }) => !covered.has(id));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('says that the containment is broken', () => {
  let bench: Bench;
  let close: () => Promise<void>;
  beforeEach(async () => {
    ({ bench, close } = await testBench());
  });
  afterEach(async () => {
    await close();
  });

  async function brokenIn(mutation: Mutation): Promise<readonly string[]> {
    const { name, cases, options, image } = mutation;
    const weak: Bench = {
      ...bench,
      ...(options === undefined ? {} : { sandbox: await weakenedSandbox(options) }),
      ...(image === undefined ? {} : { image: await weakenedImage(name, image) }),
      ...mutation.bench?.(bench),
    };
    const chosen = allCases(weak.show)
      .filter(({ id }) => cases.includes(id))
      .map((one) => weakerSetup(one, mutation));
    const quiet = chosen.filter((one) => one.kind === 'sandbox' && one.isQuiet) as SandboxCase[];
    const loud = chosen.filter((one) => one.kind !== 'sandbox' || !one.isQuiet);
    const scores = [
      ...(quiet.length > 0 ? await runTogether(weak, 'runc', quiet) : []),
      ...(await runSuite(weak, 'runc', { cases: loud, tell: () => undefined })).cases,
    ];
    // An attempt that was not made is broken, too, but for no merit of the case.
    const idle = /the attempt was not made|could not run/;
    return scores
      .filter(({ held, evidence }) => !held && !idle.test(evidence))
      .map(({ id }) => id)
      .sort();
  }

  test.each(mutations)('without $name', { timeout: 180_000 }, async (mutation) => {
    expect(await brokenIn(mutation)).toEqual([...mutation.cases].sort());
  });

  test('with a socket of the host in the sandbox', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-bait-'));
    const socketPath = join(folder, 'engine.sock');
    const server = createServer((socket) => socket.destroy()).listen(socketPath);
    const options = host({ Binds: [`${socketPath}:/var/run/docker.sock`] });
    try {
      const mutation = { name: 'engine-socket', cases: ['escape.engine-socket'], options };
      expect(await brokenIn(mutation)).toEqual(['escape.engine-socket']);
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
