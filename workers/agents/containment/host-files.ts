import { closeSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { codeOf, errorCode, listed, mayRead, mayWrite, ofEach } from './ask.ts';
import { attempt } from './attempt.ts';
import { askKernel } from './system-calls.ts';
import { filesIn, foldersIn } from './walk.ts';

const engineSockets = [
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/run/podman/podman.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/cri-dockerd.sock',
];
const kernelSettings = [
  '/proc/sys/kernel/modprobe',
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/randomize_va_space',
  '/proc/sys/vm/overcommit_memory',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/fs/binfmt_misc/register',
  '/proc/sysrq-trigger',
  '/proc/irq/default_smp_affinity',
  '/proc/bus',
];
const kernelMemory = ['/proc/kcore', '/proc/kmsg', '/proc/keys', '/dev/mem', '/dev/kmem'];
const moreDevices = ['/dev/port', '/dev/kmsg', '/dev/fuse', '/dev/kvm', '/dev/net/tun', '/dev/sda'];
const systemFiles = [
  '/sys/kernel/uevent_helper',
  '/sys/kernel/mm/transparent_hugepage/enabled',
  '/sys/power/state',
  '/sys/devices/system/cpu/online',
  '/sys/class/net/lo/mtu',
  '/sys/fs/fuse/connections',
  '/sys/firmware/efi',
];
/** Walks of `/` stop here; the image has a third of it. */
const maxFolders = 60_000;

/** Attempts on files that lead to the host. */
export const hostFileAttempts = [
  attempt('escape.engine-socket', async () => {
    const sockets = filesIn('/', maxFolders).filter((path) => isSocket(path));
    const tried = [...new Set([...engineSockets, ...sockets])];
    const answers: Record<string, string> = {};
    for (const path of tried) answers[path] = await connectTo(path);
    return { sockets, answers };
  }),
  attempt('escape.kernel-settings', () => ({ answers: ofEach(kernelSettings, mayWrite) })),
  attempt('escape.core-pattern', () => ({
    answers: ofEach(
      ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/core_pipe_limit'],
      mayWrite,
    ),
  })),
  attempt('escape.kernel-memory', () => ({ answers: ofEach(kernelMemory, mayRead) })),
  attempt('escape.devices', () => ({
    answers: ofEach(moreDevices, (path) => codeOf(() => closeSync(openSync(path, 'r')))),
    present: filesIn('/dev', maxFolders).filter((path) => !path.startsWith('/dev/pts/')),
  })),
  attempt('escape.sysfs', () => ({ answers: ofEach(systemFiles, mayWrite) })),
  attempt('escape.cgroup', () => {
    const folders = [
      '/sys/fs/cgroup',
      ...listed('/sys/fs/cgroup').map((n) => `/sys/fs/cgroup/${n}`),
    ];
    const names = [
      'cgroup.procs',
      'release_agent',
      'memory.limit_in_bytes',
      'memory.max',
      'pids.max',
    ];
    const files = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
    const made = ofEach(
      folders.map((folder) => `${folder}/sallyport`),
      makeFolder,
    );
    const mount = askKernel({ mount: [165, 40, 'cgroup', '/out', 'cgroup2', 0, null] });
    return { answers: { ...mount, ...made, ...ofEach(files, mayWrite) } };
  }),
  attempt('escape.remount-root', () => {
    const calls = askKernel({
      remount: [165, 40, null, '/', null, 32, null],
      remount_bind: [165, 40, null, '/', null, 32 + 4096, null],
    });
    return { answers: { ...calls, write: makeFile('/usr/local/bin') } };
  }),
  attempt('escape.read-only-root', () => {
    const folders = foldersIn('/', maxFolders).filter((path) => !/^\/(proc|sys|dev)\//.test(path));
    const own = /^\/(workspace|tmp|home\/agent|out)(\/|$)/;
    const foreign = folders.filter((path) => !own.test(path));
    const writable = foreign.filter((path) => makeFile(path) === 'granted');
    return { looked: foreign.length, writable: writable.slice(0, 50) };
  }),
];

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

function connectTo(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.on('connect', () => resolve('granted'));
    socket.on('error', (error) => resolve(errorCode(error)));
    socket.on('close', () => resolve('closed'));
    socket.on('connect', () => socket.destroy());
  });
}

function makeFolder(path: string): string {
  const answer = codeOf(() => mkdirSync(path));
  if (answer === 'granted') rmdirSync(path);
  return answer;
}

function makeFile(folder: string): string {
  const path = `${folder}/.sallyport`;
  const answer = codeOf(() => closeSync(openSync(path, 'wx')));
  if (answer === 'granted') unlinkSync(path);
  return answer;
}
