import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { installedModules, readLockedModules } from '../../../scripts/setup/locked-modules.ts';
import { ROOT } from '../../../scripts/setup/root.ts';
import {
  type AgentVariable,
  canaryVariable,
  modelKeyVariable,
} from '../../../src/protocol/agent-environment.ts';
import { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentPlaces } from '../../../workers/agent-run/agent-places.ts';
import type { RootExit } from '../../../workers/supervisor/exec-record/exec-recorder.ts';
import { readReport } from '../../../workers/supervisor/report/read-report.ts';
import {
  type AgentBench,
  type BenchEnd,
  type BenchOrder,
  canary,
  plainFiles,
  plainPrompt,
  taskOf,
} from './agent-bench.ts';
import { modelAgents } from './dialects.ts';
import { ProxyTrap } from './proxy-trap.ts';

/** As in an image; agents refuse to do without their own permissions for root. */
const agentId = 1000;
const isRoot = process.getuid?.() === 0;

/**
 * Runs agents on this machine, with their own programs, as another user where this one is root. There is no sandbox:
 * what they run is what a test's script says.
 */
export const localBench: AgentBench = {
  name: 'local',
  async prepare(agent) {
    await packagesOf(agent);
  },
  async run(order) {
    const root = await mkdtemp(join(tmpdir(), 'sallyport-agent-'));
    const trap = await ProxyTrap.start();
    try {
      const places = await furnish(root, order);
      const child = startHarness(order, places, trap);
      return await finish(child, { places, trap, order });
    } finally {
      await trap.close();
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function furnish(root: string, order: BenchOrder): Promise<AgentPlaces> {
  const at = (name: string): string => join(root, name);
  const places: AgentPlaces = {
    task: at('task'),
    workspace: at('workspace'),
    out: at('out'),
    mergeBase: at('base'),
    home: at('home'),
    bundles: at('bundles'),
    agents: at('agents'),
    models: order.model.url,
  };
  await chmod(root, 0o755);
  for (const name of ['task', 'workspace', 'out', 'base', 'home', 'bundles/extensions'])
    await mkdir(at(name), { recursive: true });
  await writeFile(join(places.task, 'task.json'), JSON.stringify(taskOf(order)));
  await writeFile(join(places.task, 'prompt.md'), order.prompt ?? plainPrompt);
  await writeFile(join(places.task, 'diff.patch'), '');
  await writeTree(places.workspace, order.files ?? plainFiles);
  await writeTree(places.bundles, bundles(root, order));
  await linkPackages(places, order.agent);
  if (isRoot) await giveAway([places.workspace, places.out, places.home]);
  return places;
}

/** In an image these are made by esbuild; here they name the sources. */
function bundles(root: string, { hasNoTools }: BenchOrder): Readonly<Record<string, string>> {
  const source = (path: string): string => JSON.stringify(join(ROOT, path));
  const tools = `process.argv.push(${JSON.stringify(`--root=${root}`)});\nawait import(${source('workers/mcp/main.ts')});\n`;
  return {
    'package.json': '{"type":"module"}',
    'mcp.js': hasNoTools === true ? 'process.exit(1);\n' : tools,
    'extensions/pi.js': `export { offerTools } from ${source('workers/agents/pi/extension.ts')};\n`,
  };
}

async function linkPackages({ agents }: AgentPlaces, agent: string): Promise<void> {
  const modules = await packagesOf(agent);
  if (modules === undefined) return;
  await mkdir(join(agents, agent), { recursive: true });
  await symlink(modules, join(agents, agent, 'node_modules'));
}

/** The agent's own packages, installed from its lockfile; undefined: it has none. */
async function packagesOf(agent: string): Promise<string | undefined> {
  if (!modelAgents.some((name) => name === agent)) return undefined;
  const locked = await readLockedModules(agent, join(ROOT, 'workers', 'agents', agent));
  return readable(await installedModules(locked), locked.digest);
}

/** The cache of root is for root alone: its agents get a copy, which is kept for the next run. */
async function readable(modules: string, digest: string): Promise<string> {
  if (!isRoot) return modules;
  const copy = join(tmpdir(), `sallyport-packages-${digest.slice(0, 16)}`);
  // Programs of Node find their packages by that name.
  const place = join(copy, 'node_modules');
  if (existsSync(copy)) return place;
  const staging = await mkdtemp(`${copy}-`);
  await chmod(staging, 0o755);
  await cp(modules, join(staging, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  await rename(staging, copy).catch((error: unknown) => {
    if (!existsSync(copy)) throw error;
  });
  return place;
}

async function writeTree(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function giveAway(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await chown(folder, agentId, agentId);
    for (const entry of await readdir(folder, { recursive: true }))
      await chown(join(folder, entry), agentId, agentId);
  }
}

function startHarness(order: BenchOrder, places: AgentPlaces, trap: ProxyTrap): ChildProcess {
  const direct = 'localhost,127.0.0.1';
  const known: Record<AgentVariable, string> = {
    HOME: places.home,
    HTTP_PROXY: trap.url,
    HTTPS_PROXY: trap.url,
    NO_PROXY: direct,
    LANG: 'C.UTF-8',
    PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    SOURCE_DATE_EPOCH: '1700000000',
    TZ: 'UTC',
    http_proxy: trap.url,
    https_proxy: trap.url,
    no_proxy: direct,
  };
  const entry = join(ROOT, 'test/support/agents/local-harness.ts');
  return spawn(process.execPath, [entry, order.agent, JSON.stringify(places)], {
    cwd: places.workspace,
    env: {
      ...known,
      NOT_FOR_AGENTS: '1',
      [canaryVariable]: canary,
      [modelKeyVariable]: order.key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: agentId, gid: agentId } : {}),
  });
}

interface Started {
  readonly places: AgentPlaces;
  readonly trap: ProxyTrap;
  readonly order: BenchOrder;
}

async function finish(child: ChildProcess, { places, trap, order }: Started): Promise<BenchEnd> {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  void order.ceiling?.reached.then(() => child.kill('SIGTERM'));
  const end = await new Promise<RootExit>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const { kind, agent } = taskOf(order);
  const printed = output.join('');
  return {
    exitCode: end.exitCode,
    events: eventsIn(printed),
    report: readReport(places, { kind, agent, hasChanged: true, end: { ...end, timedOut: false } })
      .report,
    files: await readTree(places.workspace),
    denied: trap.asked,
    output: printed,
  };
}

/** As the supervisor reads them. */
function eventsIn(printed: string): readonly AgentEvent[] {
  const mark = '::event ';
  return printed
    .split('\n')
    .filter((line) => line.startsWith(mark))
    .map((line) => AgentEvent.parse(JSON.parse(line.slice(mark.length))));
}

async function readTree(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [relative(root, path), await readFile(path, 'utf8')] as const),
    ),
  );
}
