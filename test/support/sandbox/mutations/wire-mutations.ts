import type { SandboxResult } from '../../../../src/wire/receive-result.ts';
import type { Mutation } from './mutation.ts';
import { privileged, rootAgent } from './weaknesses.ts';

const taken: SandboxResult = {
  manifest: {
    protocol: 2,
    agent: { exitCode: 0, signal: null, timedOut: false },
    report: null,
    reportError: null,
    changes: [],
  },
  files: new Map(),
  bytes: 0,
};

/** The ends of the wire and of a sandbox, without their defences. */
export const wireMutations: readonly Mutation[] = [
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
      'wire.million-entries',
      'wire.deep-json',
      'wire.compressed-result',
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
