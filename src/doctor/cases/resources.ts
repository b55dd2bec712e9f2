import { z } from 'zod';
import type { Limits } from '../../domain/limits.ts';
import {
  broken,
  held,
  loudCase,
  type Observed,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';

const mebibyte = 1024 * 1024;
const inMebibytes = (bytes: number): string => `${Math.round(bytes / mebibyte)} MiB`;

const Forks = z.object({ forks: z.number(), refusal: z.string() });

/**
 * A process under gVisor is 10 to 11 tasks of the host. The adapter gives it that room, and no more than
 * this; the supervisor holds the agent to its own count.
 */
const mostTasksPerProcess = { runc: 1, runsc: 16 };

function judgeForks(observed: Observed): Verdict {
  const { peak, runtime, limits } = observed;
  const most = Math.min(peak.mostPids, limits.pids * mostTasksPerProcess[runtime]);
  if (peak.looks === 0) return broken('the engine gave no count of processes');
  if (peak.pids > most) return broken(`${peak.pids} tasks on the host, ${most} allowed`);
  const forks = Forks.safeParse(observed.facts);
  if (forks.success && forks.data.forks >= limits.pids)
    return broken(`${forks.data.forks} processes, ${limits.pids} allowed`);
  if (!forks.success && peak.pids < limits.pids / 2) return broken('the bomb did not go off');
  const end = forks.success ? `fork: ${forks.data.refusal}` : 'the sandbox ended';
  return held(`at most ${peak.pids} tasks on the host; ${end}`);
}

function judgeMemory({ facts, exit, limits, peak }: Observed): Verdict {
  if (facts['gotMebibytes'] !== undefined)
    return broken(
      `got ${JSON.stringify(facts['gotMebibytes'])} MiB of ${inMebibytes(limits.memoryBytes)}`,
    );
  if (!exit.oomKilled) return broken('it ended, but the engine knows of no memory kill');
  // The kernel counts in batches per processor; 1 MiB is more than they can hold back.
  if (peak.memoryBytes > limits.memoryBytes + mebibyte)
    return broken(`${inMebibytes(peak.memoryBytes)} used`);
  return held(`killed for memory; at most ${inMebibytes(peak.memoryBytes)} used`);
}

/** The quota is of periods of 100 ms: an average over two seconds is no more than a few percent off. */
const cpuTolerance = 1.4;

function judgeCpu({ peak, limits }: Observed): Verdict {
  if (peak.cpus === 0) return broken('the engine gave no processor times');
  const used = `${peak.cpus.toFixed(2)} of ${limits.cpus} processors`;
  return peak.cpus > limits.cpus * cpuTolerance ? broken(used) : held(used);
}

function judgeWallClock({ result, runMs, facts }: Observed): Verdict {
  if (facts['sleeping'] !== true) return broken('the attempt did not begin');
  if (result?.manifest.agent.timedOut !== true) return broken('its time ran out and it went on');
  return held(`ended after ${(runMs / 1000).toFixed(1)} s, and the result says so`);
}

const Fill = z.object({ bytes: z.number(), refusal: z.string() });

function judgeFill(most: (limits: Limits) => number) {
  return ({ facts, limits, peak }: Observed): Verdict => {
    const fill = Fill.safeParse(facts);
    if (!fill.success) return broken('the attempt did not say how far it came');
    const { bytes, refusal } = fill.data;
    if (bytes > most(limits)) return broken(`${inMebibytes(bytes)} written`);
    if (!['ENOSPC', 'ENOMEM', 'EDQUOT'].includes(refusal)) return broken(`stopped by ${refusal}`);
    if (peak.writtenBytes > 0) return broken(`${peak.writtenBytes} bytes on the host's disk`);
    return held(`${refusal} at ${inMebibytes(bytes)}; nothing on the host's disk`);
  };
}

const Inodes = z.object({ files: z.number(), refusal: z.string() });
/** The agent tries as many files as the folder may have inodes, and this many are its own already. */
const tmpInodes = 20_000;

/** gVisor's tmpfs has no count of inodes: there they are memory, and memory's ceiling holds. */
function judgeInodes({ facts, runtime, limits, peak }: Observed): Verdict {
  const inodes = Inodes.safeParse(facts);
  if (!inodes.success) return broken('the attempt did not say how far it came');
  const { files, refusal } = inodes.data;
  const isCounted = refusal === 'ENOSPC' && files < tmpInodes;
  if (isCounted) return held(`ENOSPC at ${files} files`);
  const isHeldByMemory = runtime === 'runsc' && peak.memoryBytes <= limits.memoryBytes;
  if (!isHeldByMemory) return broken(`${files} files, then ${refusal || 'no refusal'}`);
  return held(
    `no ceiling of its own in gVisor; ${files} files in ${inMebibytes(peak.memoryBytes)}`,
  );
}

const OpenFiles = z.object({ opened: z.number(), refusal: z.string() });

function judgeOpenFiles({ facts, limits }: Observed): Verdict {
  const open = OpenFiles.safeParse(facts);
  if (!open.success) return broken('the attempt did not say how far it came');
  const { opened, refusal } = open.data;
  if (opened > limits.openFiles || refusal !== 'EMFILE')
    return broken(`${opened} files open, then ${refusal || 'no refusal'}`);
  return held(`EMFILE at ${opened}`);
}

const Dump = z.object({ raised: z.string(), dumped: z.boolean() });

function judgeDump({ facts, result }: Observed): Verdict {
  const dump = Dump.safeParse(facts);
  if (!dump.success || result === undefined) return broken('the attempt did not crash');
  const { raised, dumped } = dump.data;
  const left = result.manifest.changes.map(({ path }) => path);
  if (raised === 'granted') return broken('the ceiling of core dumps can be raised');
  if (dumped || left.some((path) => path.startsWith('core'))) return broken('a crash left a dump');
  return held('no dump, and the ceiling cannot be raised');
}

const small = { memoryBytes: 256 * mebibyte };
const outBytes = 16 * mebibyte;
const title = (place: string) => `fill ${place}`;

/** Ways to use more than was given. */
export const resourceCases: readonly SandboxCase[] = [
  loudCase('resources.fork-bomb', 'start processes without end', {
    judge: judgeForks,
    mayDie: true,
  }),
  loudCase('resources.memory', 'take all memory, and swap if there is any', {
    judge: judgeMemory,
    setup: { limits: small },
    mayDie: true,
  }),
  loudCase('resources.cpu', 'keep every processor busy', {
    judge: judgeCpu,
    setup: { limits: { cpus: 0.25 } },
  }),
  loudCase('resources.wall-clock', 'never end, whatever the signal', {
    judge: judgeWallClock,
    setup: { agentMs: 2_000, limits: { wallClockMs: 30_000 } },
    mayDie: true,
  }),
  ...(
    [
      ['workspace', (limits) => limits.workspaceBytes],
      ['tmp', (limits) => limits.tmpBytes],
      ['home', (limits) => limits.tmpBytes],
      ['out', () => outBytes],
      ['shm', () => outBytes],
    ] satisfies [string, (limits: Limits) => number][]
  ).map(
    ([place, most]): SandboxCase => ({
      ...loudCase(`resources.disk-${place}`, title(place), { judge: judgeFill(most) }),
      isQuiet: true,
    }),
  ),
  loudCase('resources.inodes', 'make files without end', { judge: judgeInodes }),
  loudCase('resources.open-files', 'open files without end', { judge: judgeOpenFiles }),
  loudCase('resources.core-dump', 'leave a core dump', { judge: judgeDump }),
];
