import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { RuntimeClass, SandboxSpec } from '../../ports/sandbox.ts';
import { containerLabels } from './container-labels.ts';

/** CFS period in microseconds; the kernel's own default. */
const cpuPeriodUs = 100_000;
const mebibyte = 1024 * 1024;
/** `/out` holds one report, `/dev/shm` semaphores: neither is a place to work in. */
const outBytes = 16 * mebibyte;
const shmBytes = 16 * mebibyte;
/** Inodes of every tmpfs but the workspace. */
const smallInodes = 20_000;

/**
 * Everything that the engine is told about a sandbox that is created at `nowMs`. Pure.
 * There is no way to a mount, a device, a port, a network or a variable of the environment.
 */
export function containerOptions(
  spec: SandboxSpec,
  seccomp: string,
  nowMs: number,
): ContainerCreateOptions {
  return {
    Image: spec.image,
    User: '0:0',
    WorkingDir: '/',
    Hostname: 'sandbox',
    Domainname: '',
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LANG=C.UTF-8', 'TZ=UTC'],
    Labels: containerLabels(spec, nowMs),
    Tty: false,
    OpenStdin: true,
    // The engine closes stdin with our connection: a sandbox does not outlive the control plane.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { ...confinement(seccomp), ...ceilings(spec), Runtime: spec.runtime },
  };
}

/** API 1.41 has it, @types/dockerode 4.0.2 does not yet. */
type Confinement = HostConfig & { readonly CgroupnsMode: 'private' };

function confinement(seccomp: string): Confinement {
  return {
    NetworkMode: 'none',
    // Unless told, the engine writes the host's own name servers into the sandbox's resolv.conf.
    Dns: ['127.0.0.1'],
    DnsSearch: ['.'],
    IpcMode: 'none',
    CgroupnsMode: 'private',
    Privileged: false,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    // For the supervisor: to become uid 1000, to kill what it started, and to trace it (strace is root,
    // what it traces is not). The agent has none of them.
    CapAdd: ['SETUID', 'SETGID', 'KILL', 'SYS_PTRACE'],
    SecurityOpt: ['no-new-privileges=true', `seccomp=${seccomp}`],
    // Output goes over the wire, where it is counted; a log driver would put it on the host's disk.
    LogConfig: { Type: 'none', Config: {} },
    RestartPolicy: { Name: 'no' },
    AutoRemove: false,
  };
}

/** The ceilings of a cgroup. An engine can change them while a container runs, where its runtime can. */
export type Ceilings = Readonly<
  Record<'Memory' | 'MemorySwap' | 'CpuPeriod' | 'CpuQuota' | 'PidsLimit', number>
>;

/** What `limits` come to in a cgroup under this runtime. Pure. */
export function adjustable({ limits, runtime }: Pick<SandboxSpec, 'limits' | 'runtime'>): Ceilings {
  return {
    // tmpfs pages count as memory. Where an agent has a base to compare with, a tree is there twice: a full workspace
    // leaves `memoryBytes - 2 * workspaceBytes` to run in.
    Memory: limits.memoryBytes,
    MemorySwap: limits.memoryBytes,
    // Not NanoCpus: the engine refuses more of those than the host has.
    CpuPeriod: cpuPeriodUs,
    CpuQuota: Math.round(limits.cpus * cpuPeriodUs),
    PidsLimit: hostTasks(limits.pids, runtime),
  };
}

function ceilings(spec: SandboxSpec): HostConfig {
  const { limits } = spec;
  return {
    ...adjustable(spec),
    OomScoreAdj: 500,
    Ulimits: [
      ulimit('nofile', limits.openFiles),
      ulimit('fsize', Math.max(limits.workspaceBytes, limits.tmpBytes)),
      ulimit('core', 0),
      ulimit('msgqueue', 0),
      ulimit('memlock', 8 * mebibyte),
    ],
    Tmpfs: {
      '/workspace': ofAgent(limits.workspaceBytes, limits.workspaceInodes, 'exec,mode=0755'),
      '/tmp': ofAgent(limits.tmpBytes, smallInodes, 'exec,mode=1777'),
      '/home/agent': ofAgent(limits.tmpBytes, smallInodes, 'exec,mode=0700'),
      // What an agent is told and compares with is root's: it reads them, and finds them as they were given.
      '/task': ofRoot(limits.tmpBytes, 100),
      '/base': ofRoot(limits.workspaceBytes, limits.workspaceInodes),
      '/out': ofAgent(outBytes, 100, 'noexec,mode=0755'),
      '/dev/shm': ofAgent(shmBytes, 1000, 'noexec,mode=1777'),
      // Root's alone: the pipe of the exec record has its name here.
      '/run/sallyport': 'rw,nosuid,nodev,noexec,size=65536,nr_inodes=10,mode=0700',
    },
  };
}

/**
 * Tasks of the host that `pids` processes need. gVisor (`--platform=ptrace`) has threads of its own and,
 * measured, 10 to 11 host tasks for a process of the guest; at this ceiling the whole sandbox ends. It is
 * the outer one, with room above: the supervisor holds an agent to `pids` itself, some milliseconds later than
 * the agent forks. Under runc `fork` fails at `pids`.
 */
function hostTasks(pids: number, runtime: RuntimeClass): number {
  return runtime === 'runsc' ? 12 * pids + 4096 : pids;
}

function ulimit(name: string, most: number): { Name: string; Soft: number; Hard: number } {
  return { Name: name, Soft: most, Hard: most };
}

function ofAgent(bytes: number, inodes: number, rest: string): string {
  return `rw,nosuid,nodev,size=${bytes},nr_inodes=${inodes},uid=1000,gid=1000,${rest}`;
}

/** Nobody has the capability to write past permissions: for uid 1000 this is read-only. */
function ofRoot(bytes: number, inodes: number): string {
  return `rw,nosuid,nodev,noexec,size=${bytes},nr_inodes=${inodes},uid=0,gid=0,mode=0755`;
}
