import { z } from 'zod';
import type { Limits } from '../domain/limits.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';
import { agentVariables } from '../protocol/agent-environment.ts';
import type { Facts } from '../protocol/containment.ts';

const Strings = z.array(z.string());
const Inside = z.object({
  ids: z.array(z.number()),
  groups: z.array(z.number()),
  capabilities: z.record(z.string(), z.string()),
  flags: z.object({ noNewPrivileges: z.number(), seccomp: z.number() }),
  init: z.object({ NoNewPrivs: z.number().optional(), Seccomp: z.number().optional() }),
  filtered: z.record(z.string(), z.string()),
  environment: Strings,
  interfaces: Strings,
  addresses: Strings,
  routes: Strings,
  nameServers: Strings,
  mounts: Strings.min(1),
  ceilings: z.record(z.string(), z.string()),
  memoryBytes: z.number(),
  sockets: Strings,
  writable: Strings,
});
type Inside = z.infer<typeof Inside>;

/** What a sandbox was asked to be. */
export interface Expected {
  readonly runtime: RuntimeClass;
  readonly limits: Limits;
}

const agentId = 1000;
const variables: readonly string[] = agentVariables;
/** All that may be mounted: the root, the kernel's own, our tmpfs, and the engine's three files. */
const mountPoints =
  /^\/($|(proc|sys|dev)(\/|$)|(workspace|tmp|home\/agent|task|base|out|run\/sallyport|etc\/(resolv\.conf|hostname|hosts))$)/;
const loopback = /^(127\.|::1$)/;
/** CFS period of the adapter, in microseconds. */
const cpuPeriodUs = 100_000;

/**
 * What is wrong with a sandbox as seen from its inside, one line each; none when it is what it was asked to
 * be. What it did not say is wrong, too. Pure.
 */
export function judgeProbe(facts: Facts, expected: Expected): readonly string[] {
  const parsed = Inside.safeParse(facts);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return [`the probe did not say ${issue?.path.join('.')}`];
  }
  const inside = parsed.data;
  return [
    ...identityFaults(inside, expected),
    ...networkFaults(inside),
    ...mountFaults(inside),
    ...ceilingFaults(inside, expected),
    ...named(
      'an environment variable',
      inside.environment.filter((one) => !variables.includes(one)),
    ),
    ...named('an engine socket', inside.sockets),
    ...named('a file of the image or kernel to write to', inside.writable),
  ];
}

function identityFaults(inside: Inside, { runtime }: Expected): string[] {
  const { ids, groups, capabilities, flags } = inside;
  const live = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].filter((set) =>
    /[1-9a-f]/.test(capabilities[set] ?? '0'),
  );
  return [
    ...(ids.length === 3 && ids.every((id) => id === agentId) ? [] : [`ids ${ids.join(', ')}`]),
    ...named('a group', groups.filter((id) => id !== agentId).map(String)),
    // Absent and empty are different things: the effective set has to be there and to be zero.
    ...(capabilities['CapEff'] === undefined ? ['no word of capabilities'] : []),
    ...named('a capability set', live),
    ...(flags.noNewPrivileges === 1 ? [] : ['new privileges can be gained']),
    // gVisor is a kernel of its own and does not load the filter: it is the filter.
    ...(runtime === 'runc' ? runcFaults(inside) : []),
  ];
}

/** Of init, since the strace above the agent sets both for itself. */
function runcFaults({ init, filtered }: Inside): string[] {
  const answers = Object.values(filtered);
  const isFiltered = answers.length > 0 && answers.every((answer) => answer === 'EPERM');
  return [
    ...(init.NoNewPrivs === 1 ? [] : ['new privileges can be gained by init']),
    ...(init.Seccomp === 2 && isFiltered ? [] : ['no seccomp filter']),
  ];
}

function networkFaults({ interfaces, addresses, routes, nameServers }: Inside): string[] {
  return [
    ...named(
      'an interface',
      interfaces.filter((name) => name !== 'lo'),
    ),
    ...named(
      'an address',
      addresses.filter((address) => !loopback.test(address)),
    ),
    ...named('a route', routes),
    ...named(
      'a resolver',
      nameServers.filter((address) => !loopback.test(address)),
    ),
  ];
}

function mountFaults({ mounts }: Inside): string[] {
  const foreign = mounts.filter((mount) => !mountPoints.test(mount.split(' ')[0] ?? ''));
  const isReadOnly = mounts.some((mount) => /^\/ (ro$|ro,)/.test(mount));
  return [...named('a mount', foreign), ...(isReadOnly ? [] : ['the root is not read-only'])];
}

function ceilingFaults({ ceilings, memoryBytes }: Inside, { runtime, limits }: Expected): string[] {
  // gVisor shows no cgroup; it takes the size of its memory from it.
  if (runtime === 'runsc') {
    return memoryBytes > limits.memoryBytes ? [`${memoryBytes} bytes of memory`] : [];
  }
  const quota = Math.round(limits.cpus * cpuPeriodUs);
  const memory = `${limits.memoryBytes}`;
  const wanted: readonly (readonly [v1: string, v2: string, value1: string, value2: string])[] = [
    ['pids/pids.max', 'pids.max', `${limits.pids}`, `${limits.pids}`],
    ['memory/memory.limit_in_bytes', 'memory.max', memory, memory],
    ['cpu/cpu.cfs_quota_us', 'cpu.max', `${quota}`, `${quota} ${cpuPeriodUs}`],
  ];
  return wanted.flatMap(([v1, v2, value1, value2]) => {
    const isSet = ceilings[v1] === value1 || ceilings[v2] === value2;
    return isSet ? [] : [`${v2} is ${ceilings[v1] ?? ceilings[v2] ?? 'not there'}`];
  });
}

function named(what: string, found: readonly string[]): string[] {
  return found.length === 0 ? [] : [`${what}: ${found.slice(0, 6).join(', ')}`];
}
