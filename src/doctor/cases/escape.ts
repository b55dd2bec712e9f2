import { z } from 'zod';
import { broken, held, type Observed, quietCase, type SandboxCase } from '../attack-case.ts';
import { judgeAnswers, type Refusals } from '../judge-answers.ts';

/** The filter answers EPERM to what it does not allow; see policies/seccomp.json. */
const filtered = ['EPERM'];
/** Closed by rights, by a read-only mount, or by not being there. */
const closed = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR', 'ENOTDIR'];

function asked(id: string, title: string, refusals: Refusals): SandboxCase {
  return quietCase(id, title, (observed) => judgeAnswers(observed, refusals));
}

const Strings = z.array(z.string());
const Privileges = z.object({
  capabilities: z.record(z.string(), z.string()),
  flags: z.object({ noNewPrivileges: z.number() }),
  init: z.object({ NoNewPrivs: z.number().optional(), Seccomp: z.number().optional() }),
});

/** Capability sets that let a process do something now or after `exec`; the bounding set gives nothing. */
const liveSets = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'];

function judgeIdentity(observed: Observed) {
  const parsed = Privileges.safeParse(observed.facts);
  if (!parsed.success) return broken('the attempt did not say what it may');
  const { capabilities, flags, init } = parsed.data;
  const live = liveSets.filter((set) => /[1-9a-f]/.test(capabilities[set] ?? '0'));
  if (live.length > 0) return broken(`capabilities in ${live.join(', ')}`);
  if (flags.noNewPrivileges !== 1) return broken('new privileges can be gained by exec');
  // Of init: the strace above the agent sets both for itself. gVisor's /proc has neither.
  const isBound = init.NoNewPrivs === 1 && init.Seccomp === 2;
  if (observed.runtime === 'runc' && !isBound) return broken('init has no filter or may gain');
  return judgeAnswers(observed, { codes: ['EPERM'], atLeast: 5 });
}

/** Who may be asked: init, and whoever started the agent. */
const leastOthers = 1;

function judgeFound(field: string, what: string) {
  return ({ facts }: Observed) => {
    const found = Strings.safeParse(facts[field]);
    if (!found.success) return broken('the attempt did not look');
    return found.data.length > 0 ? broken(found.data.slice(0, 6).join(', ')) : held(`no ${what}`);
  };
}

const ReadOnlyRoot = z.object({ looked: z.number(), writable: Strings });
/** The image has thousands; fewer means that the search did not get far. */
const leastFolders = 500;

function judgeReadOnlyRoot({ facts }: Observed) {
  const parsed = ReadOnlyRoot.safeParse(facts);
  if (!parsed.success || parsed.data.looked < leastFolders) return broken('the search did not run');
  const { looked, writable } = parsed.data;
  return writable.length > 0
    ? broken(`writable: ${writable.slice(0, 6).join(', ')}`)
    : held(`none of ${looked} folders can be written to`);
}

const knownDevices =
  /^\/dev\/(null|zero|full|random|urandom|tty|ptmx|console|fd|stdin|stdout|stderr|core|shm\/.*|mqueue\/.*)$/;

/** gVisor's own: what is behind them is in the sandbox. */
const guestDevices = /^\/dev\/(fuse|net\/tun)$/;

function judgeDevices(observed: Observed) {
  const present = Strings.safeParse(observed.facts['present']);
  if (!present.success) return broken('the attempt did not look');
  const known = observed.runtime === 'runsc' ? [knownDevices, guestDevices] : [knownDevices];
  const foreign = present.data.filter((path) => !known.some((one) => one.test(path)));
  if (foreign.length > 0) return broken(`devices: ${foreign.slice(0, 6).join(', ')}`);
  const guestGrants = ['/dev/fuse', '/dev/net/tun'];
  return judgeAnswers(observed, { codes: [...closed, 'ENXIO', 'ENODEV'], guestGrants, atLeast: 6 });
}

function judgeEngineSocket(observed: Observed) {
  const sockets = judgeFound('sockets', 'socket in the whole tree')(observed);
  if (!sockets.held) return sockets;
  return judgeAnswers(observed, { codes: [...closed, 'ECONNREFUSED'], atLeast: 6 });
}

/** gVisor shows these of the supervisor to everybody; they hold what the image and we put there. */
function judgeSupervisorFiles(observed: Observed) {
  const names = Object.keys(
    z.record(z.string(), z.string()).catch({}).parse(observed.facts['answers']),
  );
  const guestGrants = names.filter((name) => /\/(environ|maps|ns\/net)$/.test(name));
  return judgeAnswers(observed, { codes: ['EACCES', 'EPERM', 'ENOENT'], guestGrants, atLeast: 10 });
}

const namespaceCalls = ['unshare_user', 'unshare_net', 'unshare_mount', 'clone_user', 'clone_net'];

/** Ways out of the sandbox, and into what is beside the agent in it. */
export const escapeCases: readonly SandboxCase[] = [
  quietCase('escape.become-root', 'become root, or gain a capability', judgeIdentity),
  quietCase(
    'escape.setuid-files',
    'find a setuid or setgid program',
    judgeFound('found', 'setuid or setgid file'),
  ),
  quietCase('escape.engine-socket', 'reach the engine by any socket', judgeEngineSocket),
  asked('escape.mount', 'mount, by the old calls and the new', { codes: filtered, atLeast: 6 }),
  asked('escape.umount', 'unmount what covers a file', { codes: filtered, atLeast: 1 }),
  asked('escape.remount-root', 'make the root writable', {
    codes: ['EPERM', 'EACCES', 'EROFS'],
    atLeast: 3,
  }),
  quietCase('escape.read-only-root', 'write anywhere but the own folders', judgeReadOnlyRoot),
  asked('escape.given-files', 'change what the agent is told or compares with', {
    codes: closed,
    atLeast: 14,
  }),
  asked('escape.chroot', 'change the root', { codes: filtered, atLeast: 2 }),
  asked('escape.namespaces', 'make or enter a namespace', {
    codes: ['EPERM', 'ENOSYS'],
    guestGrants: namespaceCalls,
    atLeast: 7,
  }),
  asked('escape.own-namespace', 'be root in an own namespace and mount there', {
    codes: filtered,
    guestGrants: ['unshare'],
    atLeast: 4,
  }),
  asked('escape.device-nodes', 'make a node of a disk and open it', {
    codes: ['EPERM', 'ENOENT', 'EACCES'],
    // gVisor makes the node; there is no device behind it to open.
    guestGrants: ['mknod', 'mknod_memory'],
    atLeast: 3,
  }),
  quietCase('escape.devices', 'use a device of the host', judgeDevices),
  {
    ...asked('escape.trace-supervisor', 'trace a process of another user', {
      codes: filtered,
      atLeast: leastOthers,
    }),
    mayDie: true,
  },
  quietCase(
    'escape.supervisor-files',
    "open the supervisor's memory and files",
    judgeSupervisorFiles,
  ),
  asked('escape.process-memory', 'read or take over another process', {
    codes: [...filtered, 'ENOSYS'],
    atLeast: 5,
  }),
  asked('escape.bpf', 'load a BPF program', { codes: filtered, atLeast: 2 }),
  asked('escape.perf-event', 'open a performance counter', { codes: filtered, atLeast: 1 }),
  asked('escape.userfaultfd', 'handle page faults', { codes: filtered, atLeast: 1 }),
  asked('escape.io-uring', 'use io_uring, which no filter sees', { codes: filtered, atLeast: 3 }),
  asked('escape.keyring', 'use the key ring of the host', { codes: filtered, atLeast: 3 }),
  asked('escape.file-handles', 'open files by handle (CVE-2014-3519)', {
    codes: filtered,
    atLeast: 3,
  }),
  asked('escape.kernel-modules', 'load a kernel module or another kernel', {
    codes: filtered,
    atLeast: 4,
  }),
  asked('escape.machine', 'reboot, swap, set clock, name, quota or accounting', {
    codes: filtered,
    guestGrants: ['syslog'],
    atLeast: 8,
  }),
  asked('escape.raw-sockets', 'open raw, packet, vsock, crypto or netlink sockets', {
    codes: ['EPERM', 'EAFNOSUPPORT'],
    guestGrants: ['netlink'],
    atLeast: 7,
  }),
  asked('escape.kernel-settings', 'write kernel settings in /proc', { codes: closed, atLeast: 9 }),
  asked('escape.core-pattern', 'make the host run a program on a crash', {
    codes: closed,
    atLeast: 2,
  }),
  asked('escape.kernel-memory', "read the kernel's memory, log or keys", {
    codes: [...closed, 'empty', 'ENXIO', 'EAGAIN'],
    atLeast: 5,
  }),
  asked('escape.sysfs', 'write to /sys', { codes: closed, atLeast: 7 }),
  asked('escape.cgroup', "change the sandbox's own ceilings", {
    codes: [...closed, 'EEXIST', 'EBUSY'],
    atLeast: 5,
  }),
];
