import { readFileSync, statfsSync } from 'node:fs';
import type { SandboxEvent } from '../../src/protocol/event.ts';

/** How often it is looked, and how often at most it is told, ms. */
const lookEveryMs = 250;
const tellEvery = 4;
/** With less room than this, a folder is full to whoever writes a block. */
const fullBelowBytes = 64 * 1024;

type Usage = Extract<SandboxEvent, { type: 'usage' }>;
type Folder = { readonly bytes: number; readonly inodes: number | null; readonly isFull: boolean };

/** What is measured elsewhere in the supervisor. */
export type OwnCounts = { readonly peakTasks: number; readonly outputBytes: number };

/**
 * The sandbox's own view of what it uses: of its cgroup where the runtime shows it, of its folders by
 * asking their file systems. A folder that was full between two looks is missed.
 */
export class UsageMeter {
  readonly #send: (event: SandboxEvent) => void;
  readonly #counts: () => OwnCounts;
  readonly #timer: NodeJS.Timeout;
  #looks = 0;
  #workspace: Folder = nothing;
  #tmp: Folder = nothing;
  #diskFull = false;

  constructor(send: (event: SandboxEvent) => void, counts: () => OwnCounts) {
    this.#send = send;
    this.#counts = counts;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** The last look, and the word of it. */
  end(): void {
    clearInterval(this.#timer);
    this.#measure();
    this.#send(this.#usage());
  }

  #look(): void {
    this.#measure();
    this.#looks += 1;
    if (this.#looks % tellEvery === 0) this.#send(this.#usage());
  }

  #measure(): void {
    const tmp = sumOf(folder('/tmp'), folder('/home/agent'));
    const workspace = folder('/workspace');
    const out = folder('/out');
    this.#workspace = mostOf(this.#workspace, workspace);
    this.#tmp = mostOf(this.#tmp, tmp);
    this.#diskFull ||= workspace.isFull || tmp.isFull || out.isFull;
  }

  #usage(): Usage {
    const { peakTasks, outputBytes } = this.#counts();
    const cgroup = readCgroup();
    return {
      type: 'usage',
      peaks: {
        memoryBytes: cgroup.memoryBytes,
        pids: Math.max(cgroup.pids ?? 0, peakTasks),
        cpuMs: cgroup.cpuMs,
        workspaceBytes: this.#workspace.bytes,
        workspaceInodes: this.#workspace.inodes,
        tmpBytes: this.#tmp.bytes,
        tmpInodes: this.#tmp.inodes,
        outputBytes,
      },
      pidsRefused: cgroup.pidsRefused,
      oomKills: cgroup.oomKills,
      diskFull: this.#diskFull,
    };
  }
}

const nothing: Folder = { bytes: 0, inodes: null, isFull: false };

function folder(place: string): Folder {
  const { bsize, blocks, bfree, files, ffree } = statfsSync(place);
  // gVisor counts no inodes; none in all is none known.
  const inodes = files === 0 ? null : files - ffree;
  const isFull = bfree * bsize < fullBelowBytes || (files > 0 && ffree === 0);
  return { bytes: (blocks - bfree) * bsize, inodes, isFull };
}

function sumOf(a: Folder, b: Folder): Folder {
  const inodes = a.inodes === null || b.inodes === null ? null : a.inodes + b.inodes;
  return { bytes: a.bytes + b.bytes, inodes, isFull: a.isFull || b.isFull };
}

function mostOf(a: Folder, b: Folder): Folder {
  const inodes = b.inodes === null ? a.inodes : Math.max(a.inodes ?? 0, b.inodes);
  return { bytes: Math.max(a.bytes, b.bytes), inodes, isFull: b.isFull };
}

/** Version 2 shows one folder, version 1 one a controller; gVisor none. */
function readCgroup() {
  const v2 = '/sys/fs/cgroup';
  const cpuMicros = field(`${v2}/cpu.stat`, 'usage_usec');
  const cpuNanos = number(`${v2}/cpuacct/cpuacct.usage`);
  return {
    memoryBytes:
      number(`${v2}/memory.peak`) ?? number(`${v2}/memory/memory.max_usage_in_bytes`) ?? null,
    pids: number(`${v2}/pids.peak`) ?? number(`${v2}/pids/pids.peak`) ?? null,
    cpuMs: milliseconds(cpuMicros, 1e3) ?? milliseconds(cpuNanos, 1e6) ?? null,
    pidsRefused: field(`${v2}/pids.events`, 'max') ?? field(`${v2}/pids/pids.events`, 'max') ?? 0,
    oomKills:
      field(`${v2}/memory.events`, 'oom_kill') ??
      field(`${v2}/memory/memory.oom_control`, 'oom_kill') ??
      0,
  };
}

function milliseconds(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : Math.round(value / unit);
}

function number(place: string): number | undefined {
  const text = contentOf(place);
  return text !== undefined && /^\d+\n?$/.test(text) ? Number(text) : undefined;
}

/** The value of a line `name value`. */
function field(place: string, name: string): number | undefined {
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(contentOf(place) ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

function contentOf(place: string): string | undefined {
  try {
    return readFileSync(place, 'latin1');
  } catch {
    return undefined;
  }
}
