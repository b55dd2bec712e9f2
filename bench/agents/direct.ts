import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { installedModules, readLockedModules } from '../../scripts/setup/locked-modules.ts';
import { ROOT } from '../../scripts/setup/root.ts';
import { workerBuild } from '../../scripts/setup/worker-bundle.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { ModelAgent } from '../../test/support/agents/dialects.ts';
import type { AgentAdapter, AgentStart } from '../../workers/agent-run/agent-adapter.ts';
import { claudeCode } from '../../workers/agents/claude-code/adapter.ts';
import { codex } from '../../workers/agents/codex/adapter.ts';
import { opencode } from '../../workers/agents/opencode/adapter.ts';
import { pi } from '../../workers/agents/pi/adapter.ts';
import { modelKey, prompt } from './scene.ts';

const adapters: Readonly<Record<ModelAgent, AgentAdapter>> = {
  'claude-code': claudeCode,
  codex,
  opencode,
  pi,
};

/** Where a CLI runs by itself: its packages, and the bundles of the server that it reports by. */
export interface DirectPlace {
  readonly packages: string;
  readonly bundles: string;
}

/** Installs the CLI's own packages and writes our bundles into `folder`. */
export async function directPlace(agent: ModelAgent, folder: string): Promise<DirectPlace> {
  const locked = await readLockedModules(agent, join(ROOT, 'workers', 'agents', agent));
  const bundles = join(folder, 'bundles');
  for (const { path, contents } of (await workerBuild()).bundles) {
    await mkdir(dirname(join(bundles, path)), { recursive: true });
    await writeFile(join(bundles, path), contents);
  }
  await writeFile(join(bundles, 'package.json'), '{"type":"module"}');
  return { packages: await installedModules(locked), bundles };
}

/**
 * Runs the same CLI by hand, with the same options, prompt and server of tools: no container, no broker, no record.
 * @throws Error when it does not end with 0
 */
export async function runDirect(
  { packages, bundles }: DirectPlace,
  input: TaskInput,
  modelUrl: string,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'sallyport-direct-'));
  const at = (name: string): string => join(root, name);
  try {
    for (const name of ['task', 'workspace', 'out', 'base', 'home']) await mkdir(at(name));
    await writeFile(at('task/task.json'), JSON.stringify(input));
    await writeFile(at('workspace/README.md'), '# Bench\n');
    if (input.model === undefined) throw new Error('a review needs a model');
    const start = adapters[input.agent as ModelAgent].start({
      input,
      model: input.model,
      modelUrl,
      modelKey,
      home: at('home'),
      packages,
      bundles,
      node: process.execPath,
      platform: `linux-${process.arch}`,
      mcp: { command: process.execPath, args: [join(bundles, 'mcp.js'), `--root=${root}`] },
    });
    await runCli(start, { home: at('home'), workspace: at('workspace') });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const nowhere = 'http://127.0.0.1:9';
const loopback = '127.0.0.1,localhost';

/** As in a sandbox whose policy opens nothing: what a CLI asks besides its model is refused at once. */
const closedNetwork: Readonly<Record<string, string>> = {
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  NO_PROXY: loopback,
  http_proxy: nowhere,
  https_proxy: nowhere,
  no_proxy: loopback,
};

async function runCli(
  { argv, env, files }: AgentStart,
  { home, workspace }: { readonly home: string; readonly workspace: string },
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    cwd: workspace,
    env: {
      HOME: home,
      LANG: 'C.UTF-8',
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      // Claude Code refuses to do without permissions for root unless it is told that this is a sandbox.
      IS_SANDBOX: '1',
      ...closedNetwork,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  child.stdin.end(prompt);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${said.slice(-2_000)}`);
}
