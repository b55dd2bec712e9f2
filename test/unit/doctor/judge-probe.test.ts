import { describe, expect, it } from 'vitest';
import { judgeProbe } from '../../../src/doctor/judge-probe.ts';
import type { RuntimeClass } from '../../../src/ports/sandbox.ts';
import type { Facts } from '../../../src/protocol/containment.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

/** What a sound sandbox says of itself under runc and cgroup v1. */
const sound: Facts = {
  ids: [1000, 1000, 1000],
  groups: [1000],
  capabilities: { CapInh: '0', CapPrm: '0', CapEff: '0', CapBnd: '00000000000000e0', CapAmb: '0' },
  flags: { noNewPrivileges: 1, seccomp: 2 },
  init: { NoNewPrivs: 1, Seccomp: 2 },
  filtered: { io_uring_setup: 'EPERM', userfaultfd: 'EPERM' },
  environment: ['HOME', 'LANG', 'PATH'],
  interfaces: ['lo'],
  addresses: ['127.0.0.1', '::1'],
  routes: [],
  nameServers: ['127.0.0.1'],
  mounts: ['/ ro,relatime', '/proc rw,nosuid', '/workspace rw,nosuid,nodev', '/etc/hosts ro'],
  ceilings: {
    'pids/pids.max': '64',
    'memory/memory.limit_in_bytes': `${smallLimits.memoryBytes}`,
    'cpu/cpu.cfs_quota_us': '200000',
  },
  memoryBytes: 2 ** 40,
  sockets: [],
  writable: [],
};
const secondCgroups = {
  'pids.max': '64',
  'memory.max': `${smallLimits.memoryBytes}`,
  'cpu.max': '200000 100000',
};

function faults(part: Facts, runtime: RuntimeClass = 'runc'): readonly string[] {
  return judgeProbe({ ...sound, ...part }, { runtime, limits: smallLimits });
}

describe('the judgement on a probe', () => {
  it('finds nothing wrong with a sound sandbox, under either version of cgroups', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ ceilings: secondCgroups })).toEqual([]);
  });

  it('takes no filter and no cgroup from gVisor, but a size of memory', () => {
    const guest = { init: {}, filtered: { userfaultfd: 'ENOSYS' }, ceilings: {} };
    expect(faults({ ...guest, memoryBytes: smallLimits.memoryBytes }, 'runsc')).toEqual([]);
    expect(faults({ ...guest, memoryBytes: smallLimits.memoryBytes + 1 }, 'runsc')).toHaveLength(1);
  });

  it.each<[string, Facts, string]>([
    ['root', { ids: [0, 0, 0] }, 'ids 0, 0, 0'],
    ['an effective root', { ids: [1000, 0, 1000] }, 'ids 1000, 0, 1000'],
    ['no ids', { ids: [] }, 'ids '],
    ['the group of the engine', { groups: [1000, 998] }, 'a group: 998'],
    ['a capability', { capabilities: { CapEff: '0000000000200000' } }, 'a capability set: CapEff'],
    ['an ambient one', { capabilities: { CapEff: '0', CapAmb: '80' } }, 'a capability set: CapAmb'],
    ['silence on capabilities', { capabilities: {} }, 'no word of capabilities'],
    ['setuid that works', { flags: { noNewPrivileges: 0, seccomp: 2 } }, 'new privileges'],
    ['setuid that works for init', { init: { NoNewPrivs: 0, Seccomp: 2 } }, 'gained by init'],
    ['no filter', { init: { NoNewPrivs: 1, Seccomp: 0 } }, 'no seccomp filter'],
    ['a filter that lets through', { filtered: { userfaultfd: 'granted' } }, 'no seccomp filter'],
    ['a filter that nobody asked', { filtered: {} }, 'no seccomp filter'],
    ['a key in the environment', { environment: ['PATH', 'GITHUB_TOKEN'] }, 'GITHUB_TOKEN'],
    ['an interface', { interfaces: ['lo', 'eth0'] }, 'an interface: eth0'],
    ['an address', { addresses: ['192.0.2.7'] }, 'an address: 192.0.2.7'],
    ['an address that only looks like loopback', { addresses: ['::12'] }, 'an address: ::12'],
    ['a route', { routes: ['eth0 00000000'] }, 'a route'],
    ['a resolver', { nameServers: ['192.0.2.53'] }, 'a resolver: 192.0.2.53'],
    ['a writable root', { mounts: ['/ rw,relatime'] }, 'not read-only'],
    ['a root that is almost named read-only', { mounts: ['/ rw,roomy'] }, 'not read-only'],
    ['a mount of the host', { mounts: ['/ ro', '/srv rw'] }, 'a mount: /srv'],
    ['a mount beside a known one', { mounts: ['/ ro', '/tmpx rw'] }, 'a mount: /tmpx'],
    ['no mounts at all', { mounts: [] }, 'did not say mounts'],
    ['an engine socket', { sockets: ['/var/run/docker.sock'] }, 'an engine socket'],
    ['a writable kernel setting', { writable: ['/proc/sys/kernel/core_pattern'] }, 'core_pattern'],
    ['no ceilings', { ceilings: {} }, 'pids.max is not there'],
    ['no ceiling of memory', { ceilings: { ...secondCgroups, 'memory.max': 'max' } }, 'is max'],
    ['no ceiling of cpu', { ceilings: { ...secondCgroups, 'cpu.max': 'max 100000' } }, 'cpu.max'],
  ])('names %s', (_what, part, expected) => {
    expect(faults(part).join('; ')).toContain(expected);
  });

  it.each(Object.keys(sound))('does not take silence about %s for good news', (name) => {
    const { [name]: _, ...rest } = sound;
    const found = judgeProbe(rest, { runtime: 'runc', limits: smallLimits });
    expect(found).toEqual([`the probe did not say ${name}`]);
  });
});
