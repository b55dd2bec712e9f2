/** npm packages of an image, and what of them nobody needs there. */
export interface TargetModules {
  /** Below `workers`; holds their lockfile. */
  readonly folder: string;
  /** Tested against the paths below `node_modules`. */
  readonly leaveOut?: readonly RegExp[];
}

/** One image of a sandbox. */
export interface WorkerTarget {
  /** By their name in the build context. */
  readonly modules: Readonly<Record<string, TargetModules>>;
  /** The image may not become larger, in MB of 10^6 bytes, all layers together. A test holds it. */
  readonly maxMb: number;
}

const toolchain = { toolchain: { folder: 'toolchain' } };

/** The targets of `workers/Dockerfile`, by the name of the agent that each is for. */
const targets = {
  linters: { modules: {}, maxMb: 600 },
  command: { modules: toolchain, maxMb: 900 },
  'claude-code': {
    modules: { ...toolchain, 'claude-code': { folder: 'agents/claude-code' } },
    maxMb: 1_300,
  },
  codex: {
    modules: {
      ...toolchain,
      // Its program needs none of them: a voice for its desktop, its own sandbox, a ripgrep, a second mode.
      codex: {
        folder: 'agents/codex',
        leaveOut: [/\/codex-(resources|path)\//, /\/codex-code-mode-host$/],
      },
    },
    maxMb: 1_250,
  },
  opencode: {
    modules: { ...toolchain, opencode: { folder: 'agents/opencode' } },
    maxMb: 1_100,
  },
  pi: {
    // Optional there, and for a terminal that somebody sits at.
    modules: {
      ...toolchain,
      pi: { folder: 'agents/pi', leaveOut: [/^koffi\//, /^@mariozechner\/clipboard/] },
    },
    maxMb: 1_000,
  },
} as const satisfies Record<string, WorkerTarget>;

/** The name of an image: that of its agent. */
export type TargetName = keyof typeof targets;

/** Every image that can be built. */
export const targetNames = Object.keys(targets) as readonly TargetName[];

/** What an image is made of. */
export function workerTarget(name: TargetName): WorkerTarget {
  return targets[name];
}

/**
 * The images that a command line names: one or several of them, or `all`; `linters` when it names none.
 *
 * @throws Error with those that there are.
 */
export function namedTargets(args: readonly string[]): readonly TargetName[] {
  if (args.length === 0) return ['linters'];
  if (args.includes('all')) return targetNames;
  return args.map((arg) => {
    const found = targetNames.find((name) => name === arg);
    if (found !== undefined) return found;
    throw new Error(`no image ${arg}: name one of ${targetNames.join(', ')}, or all`);
  });
}
