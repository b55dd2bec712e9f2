import type { Weaken } from '../weakened-sandbox.ts';
import type { Mutation } from './mutation.ts';
import { runGitOver } from './run-git-over.ts';
import { following, host, mebibyte, privileged, rootAgent } from './weaknesses.ts';

/** The workspace is then a folder of the root, and a link to a file of the image no link across. */
const withoutWorkspace: Weaken = (options) => {
  const mounts = Object.entries(options.HostConfig?.Tmpfs as Record<string, string>);
  const Tmpfs = Object.fromEntries(mounts.filter(([at]) => at !== '/workspace'));
  return host({ Tmpfs })(options);
};

/** What the supervisor and the control plane refuse of a result, let through. */
export const fileMutations: readonly Mutation[] = [
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
    cases: ['files.report-invalid', 'files.finding-outside'],
    image: {
      supervisor: [
        ['withJournals(AgentReport.parse(json2), journals)', 'json2'],
        ['withFaults(whole, run, journals?.faults ?? [])', 'whole'],
      ],
    },
  },
  {
    name: 'one-file-system',
    cases: ['files.hard-link'],
    options: (options) => privileged(withoutWorkspace(options)),
    image: rootAgent,
  },
  {
    name: 'any-size',
    cases: ['files.sparse'],
    image: { supervisor: [[/stat\d*\.size > limits\d*\.fileBytes/g, 'false']] },
  },
  {
    name: 'git-on-the-host',
    cases: ['files.host-git'],
    bench: ({ take }) => ({
      take: async (snapshot, result) => {
        await runGitOver(result);
        return take(snapshot, result);
      },
    }),
  },
  {
    name: 'any-finding',
    cases: ['files.finding-elsewhere'],
    bench: ({ take }) => ({
      take: async (snapshot, result) => ({
        ...(await take(snapshot, result)),
        findings: result.manifest.report?.findings ?? [],
      }),
    }),
  },
];
