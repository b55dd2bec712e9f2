import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { listed, mayRead, mayWrite, ofEach } from './ask.ts';
import { attempt } from './attempt.ts';
import { nameServers, networkFacts } from './network.ts';
import { capabilities, initFlags, processFlags } from './privileges.ts';
import { askKernel } from './system-calls.ts';

const engineSockets = ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd'];
const noTouch = ['/etc/passwd', '/proc/sys/kernel/core_pattern', '/opt/sallyport/supervisor.js'];
/** Harmless, open to every user, and refused by the filter alone: without it they fail in another way. */
const filteredCalls = { io_uring_setup: [425, 425, 1, null], userfaultfd: [323, 282, -1] } as const;
/** cgroup v1 and v2 names; gVisor has none of them. */
const ceilings = [
  'pids/pids.max',
  'memory/memory.limit_in_bytes',
  'memory/memory.memsw.limit_in_bytes',
  'cpu/cpu.cfs_quota_us',
  'pids.max',
  'memory.max',
  'memory.swap.max',
  'cpu.max',
];

function ceilingsHere(): Record<string, string> {
  const known = ceilings.filter((name) => mayRead(`/sys/fs/cgroup/${name}`) === 'read');
  return Object.fromEntries(
    known.map((name) => [name, readFileSync(`/sys/fs/cgroup/${name}`, 'utf8').trim()]),
  );
}

/** From the kernel: what the agent was started with, whatever has been set since. */
function environmentNames(): string[] {
  const entries = readFileSync('/proc/self/environ', 'utf8').split('\0').filter(Boolean);
  return entries.map((entry) => entry.split('=')[0] ?? '').sort();
}

/** Mount point and options of everything that is mounted. */
function mounts(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [, , , , point, options] = line.split(' ');
    return `${point} ${options}`;
  });
}

/** What a sandbox is, as seen from the inside: what is checked before a runtime is given work. */
export const insideAttempts = [
  attempt('probe.inside', () => ({
    ids: [process.getuid?.() ?? -1, process.geteuid?.() ?? -1, process.getgid?.() ?? -1],
    groups: process.getgroups?.() ?? [],
    capabilities: capabilities(),
    flags: processFlags(),
    init: initFlags(),
    filtered: askKernel(filteredCalls),
    environment: environmentNames(),
    ...networkFacts(),
    nameServers: nameServers(),
    mounts: mounts(),
    ceilings: ceilingsHere(),
    memoryBytes: totalmem(),
    sockets: engineSockets.filter((path) => mayRead(path) !== 'ENOENT'),
    writable: Object.entries(ofEach(noTouch, mayWrite))
      .filter(([, answer]) => answer === 'granted')
      .map(([path]) => path),
    processes: listed('/proc').filter((name) => /^\d+$/.test(name)).length,
  })),
];
