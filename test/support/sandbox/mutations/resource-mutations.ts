import type { Mutation } from './mutation.ts';
import { host, mebibyte, tmpfsWithout, ulimit } from './weaknesses.ts';

/** Ceilings, each taken away. */
export const resourceMutations: readonly Mutation[] = [
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
    cases: ['workspace', 'tmp', 'home', 'out', 'shm'].map((at) => `resources.disk-${at}`),
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
];
