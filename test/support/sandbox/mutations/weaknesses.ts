import type { HostConfig } from 'dockerode';
import type { Bench } from '../../../../src/doctor/bench.ts';
import type { ImageWeakness } from '../weakened-image.ts';
import type { Weaken } from '../weakened-sandbox.ts';

/** In bytes. */
export const mebibyte = 1024 * 1024;

/** Changes settings of the host's side of a container. */
export function host(part: Partial<HostConfig>): Weaken {
  return (options) => ({ ...options, HostConfig: { ...options.HostConfig, ...part } });
}

/** Takes an option from every tmpfs; memory is then no ceiling either. */
export function tmpfsWithout(what: RegExp, instead: string): Weaken {
  return (options) => {
    const mounts = Object.entries(options.HostConfig?.Tmpfs as Record<string, string>);
    const Tmpfs = Object.fromEntries(mounts.map(([at, text]) => [at, text.replace(what, instead)]));
    return host({ Tmpfs, Memory: 2048 * mebibyte, MemorySwap: 2048 * mebibyte })(options);
  };
}

/** Sets one ulimit. */
export function ulimit(Name: string, most: number): Weaken {
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
export const privileged = host({
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
export const rootAgent: ImageWeakness = {
  supervisor: [[/"--inject=ptrace:error=EPERM",/g, '']],
  lines: ['RUN sed -i "s/^agent:x:1000:1000:/agent:x:0:0:/" /etc/passwd'],
};
/** Only the host's own loopback: nothing may leave this machine while the network is open. */
export const loopbackOnly = ({ bait }: Bench): Partial<Bench> => {
  const tcp = [{ host: '127.0.0.1', port: bait.tcpPort }];
  const udp = [{ host: '127.0.0.1', port: bait.udpPort }];
  return { targets: { tcp, metadata: tcp, udp, names: [], icmp: ['127.0.0.1'] } };
};
/** Follows links, and opens whatever is there. */
export const following: ImageWeakness = {
  supervisor: [
    [/entry\.isSymbolicLink\(\)/g, 'false'],
    [/!(entry|stat)\.isFile\(\)/g, 'false'],
    [/constants\d*\.O_NOFOLLOW/g, '0'],
  ],
};
/** The network of the host in place of none. */
export const hostNetwork = host({
  NetworkMode: 'host',
  Dns: undefined,
  DnsSearch: undefined,
});
