import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { type RunOptions, runLinters } from '../../../workers/agents/linters/run.ts';

/** A file of a made-up pull request; `added` are its lines, all of them when left out. */
export type MadeFile = {
  readonly content: string | Uint8Array;
  readonly added?: readonly (readonly [number, number])[];
  readonly change?: Record<string, unknown>;
};

/** What one run left behind. */
export type MadeRun = {
  readonly report: AgentReport;
  readonly reportBytes: string;
  readonly progress: readonly string[];
  readonly read: (path: string) => Promise<string>;
};

/** A made-up pull request: touched files, and files that are only there. */
export type MadePullRequest = {
  readonly touched: Readonly<Record<string, MadeFile | string>>;
  readonly untouched?: Readonly<Record<string, string>>;
  readonly kind?: 'review' | 'fix';
  readonly maxFindings?: number;
  readonly agentMs?: number;
  readonly options?: Partial<RunOptions>;
};

/** Where tools are on a development machine: Debian's packages, and Biome from the lockfile. */
export const toolPath = `/usr/local/bin:/usr/bin:/bin:${join(import.meta.dirname, '../../../node_modules/.bin')}`;

/** Lays the pull request out in a temporary folder, runs the linters over it and removes it when `use` is done. */
export async function withRun<T>(
  made: MadePullRequest,
  use: (run: MadeRun) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'linters-test-'));
  try {
    return await use(await runIn(root, made));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Runs the linters and gives only the report. */
export async function reportOf(made: MadePullRequest): Promise<AgentReport> {
  return withRun(made, (run) => Promise.resolve(run.report));
}

async function runIn(root: string, made: MadePullRequest): Promise<MadeRun> {
  const workspace = join(root, 'workspace');
  const files = Object.entries(made.touched).map(
    ([path, file]) => [path, typeof file === 'string' ? { content: file } : file] as const,
  );
  await mkdir(workspace);
  for (const [path, { content }] of files) await put(join(workspace, path), content);
  for (const [path, text] of Object.entries(made.untouched ?? {}))
    await put(join(workspace, path), text);
  const taskFile = join(root, 'task.json');
  await writeFile(taskFile, JSON.stringify(taskOf(made, files)));
  const progress: string[] = [];
  const outFile = join(root, 'report.json');
  const report = await runLinters({
    workspace,
    taskFile,
    outFile,
    scratchParent: root,
    toolPath,
    progress: (text) => void progress.push(text),
    ...made.options,
  });
  return {
    report,
    reportBytes: await readFile(outFile, 'utf8'),
    progress,
    read: (path) => readFile(join(workspace, path), 'utf8'),
  };
}

function taskOf(made: MadePullRequest, files: readonly (readonly [string, MadeFile])[]): TaskInput {
  return TaskInput.parse({
    protocol: 2,
    taskId: `t${'0'.repeat(24)}`,
    kind: made.kind ?? 'review',
    agent: 'linters',
    headSha: 'a'.repeat(40),
    baseSha: 'b'.repeat(40),
    instructions: null,
    changedFiles: files.map(([path, { content, added, change }]) => ({
      path,
      previousPath: null,
      status: added === undefined ? 'added' : 'modified',
      kind: 'text',
      addedLines: added ?? [[1, Math.max(1, String(content).split('\n').length)]],
      ...change,
    })),
    sourceDateEpoch: 1_700_000_000,
    limits: {
      agentMs: made.agentMs ?? 300_000,
      resultBytes: 1_000_000,
      resultFiles: 100,
      findings: made.maxFindings ?? 500,
    },
  });
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
