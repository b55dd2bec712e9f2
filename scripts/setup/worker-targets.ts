/** What one image of a sandbox is made of besides what all have. */
export interface WorkerTarget {
  /** Folders below `workers` whose locked npm packages go into it, by their name in the build context. */
  readonly modules: Readonly<Record<string, string>>;
}

const toolchain = { toolchain: 'toolchain' };

/** The targets of `workers/Dockerfile`, by the name of the agent that each is for. */
const targets = {
  linters: { modules: {} },
  command: { modules: toolchain },
  'claude-code': { modules: { ...toolchain, 'claude-code': 'agents/claude-code' } },
  codex: { modules: { ...toolchain, codex: 'agents/codex' } },
  opencode: { modules: { ...toolchain, opencode: 'agents/opencode' } },
  pi: { modules: { ...toolchain, pi: 'agents/pi' } },
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
