import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { announce } from './announce.ts';
import type { EngineFolders } from './engine-folders.ts';
import { engineAnswers } from './engine-ping.ts';
import { argumentsOf } from './processes.ts';
import { runCommand } from './run-command.ts';
import { findProgram } from './system-packages.ts';

const POLL_MS = 50;

/** A first start creates the storage folders; on a loaded two-core machine that took 6 s at most. */
const START_TIMEOUT_MS = 30_000;

/**
 * After a SIGKILL it may give up once: its containerd, which it gives 15 s, first clears away what the
 * last one left. The second start finds that done. A service manager starts it again likewise.
 */
const STARTS = 2;

/** `dockerd` gives containers 15 s to end before it does (`--shutdown-timeout`). */
const STOP_TIMEOUT_MS = 20_000;

/**
 * Starts this user's own engine, or finds the one that runs already, whoever started it. Call with
 * the lock held.
 *
 * @throws Error with the end of its log when it does not come up.
 */
export async function startPrivateEngine(folders: EngineFolders): Promise<void> {
  await waitForStopping(folders);
  const isUp = (pid: number): Promise<boolean> =>
    until(START_TIMEOUT_MS, () => engineAnswers(folders.socketPath), pid);
  const known = await enginePid(folders);
  // One that was found may be ending in this moment: then it never answers, and a new one is started.
  if (known !== undefined && (await isUp(known))) return;
  for (let start = 1; ; start++) {
    const pid = await launch(folders);
    if (await isUp(pid)) return;
    const log = await logTail(folders);
    // One that lives and does not answer would share its data folder with a second.
    if (start === STARTS || argumentsOf(pid) !== undefined)
      throw new Error(`the private engine does not answer:\n${log}`);
    announce(`the engine ended at once, starting it once more:\n${log}`);
  }
}

/**
 * Tells the engine to stop, and returns its pid; undefined when none of ours runs. Synchronous, so
 * that a process can do it while it exits. Call with the lock held.
 */
export function signalStop(folders: EngineFolders, pid: number | undefined): number | undefined {
  if (pid === undefined || !isOurs(folders, pid)) return undefined;
  process.kill(pid, 'SIGTERM');
  return pid;
}

/** Resolves when the process has ended, or after 20 s: an engine that will not stop is not killed. */
export async function untilEnded(pid: number): Promise<boolean> {
  return until(STOP_TIMEOUT_MS, () => Promise.resolve(argumentsOf(pid) === undefined));
}

/**
 * Takes back what an engine that has ended leaves mounted: the network namespace it ran in. It would
 * make `rm -r` of the cache folder fail. Best effort: nothing of ours depends on it.
 */
export async function removeMounts(folders: EngineFolders): Promise<void> {
  const mountPoint = join(folders.execRoot, 'netns', 'default');
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  if (!mounts.includes(` ${mountPoint} `)) return;
  await runCommand('umount', [mountPoint]).catch((error: unknown) => announce(String(error)));
}

/** The pid of our running engine; undefined when there is none. */
async function enginePid(folders: EngineFolders): Promise<number | undefined> {
  const pid = await readNumber(folders.pidFile);
  return pid !== undefined && isOurs(folders, pid) ? pid : undefined;
}

/** A pid file outlives its process: only an engine started with exactly this file is ours to signal. */
function isOurs(folders: EngineFolders, pid: number): boolean {
  const args = argumentsOf(pid) ?? [];
  const isEngine = args.slice(0, 2).some((arg) => basename(arg) === 'dockerd');
  return isEngine && args.includes(`--pidfile=${folders.pidFile}`);
}

async function waitForStopping(folders: EngineFolders): Promise<void> {
  const pid = await readNumber(folders.stoppingFile);
  if (pid !== undefined && isOurs(folders, pid)) await untilEnded(pid);
  await rm(folders.stoppingFile, { force: true });
}

async function launch(folders: EngineFolders): Promise<number> {
  const program = findProgram('dockerd');
  if (program === undefined) throw new Error('dockerd is not installed (Debian package docker.io)');
  announce('starting a private Docker Engine');
  await createFolders(folders);
  // Left by an engine that was killed; `dockerd` would refuse to start if that pid is in use again.
  await rm(folders.pidFile, { force: true });
  await writeFile(folders.configFile, JSON.stringify(engineConfig()));
  const log = await open(folders.logFile, 'w');
  const child = spawn(program, engineArguments(folders), {
    // Its own session: Ctrl-C in a terminal ends the run, which then decides whether the engine goes.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.once('error', (error) => announce(`dockerd: ${error.message}`));
  child.unref();
  await log.close();
  if (child.pid === undefined) throw new Error(`${program} cannot be started`);
  return child.pid;
}

/** Both runtimes. gVisor's ptrace platform, because its KVM platform hangs without nested virtualisation. */
function engineConfig(): unknown {
  const path = findProgram('runsc');
  if (path === undefined) return {};
  return { runtimes: { runsc: { path, runtimeArgs: ['--network=none', '--platform=ptrace'] } } };
}

function engineArguments(folders: EngineFolders): string[] {
  return [
    `--host=unix://${folders.socketPath}`,
    `--data-root=${folders.dataRoot}`,
    `--exec-root=${folders.execRoot}`,
    `--pidfile=${folders.pidFile}`,
    `--config-file=${folders.configFile}`,
    // Names of our own, in case a system-wide containerd runs: in Docker's usual ones we would see,
    // and clean up, the containers of the system's engine.
    '--containerd-namespace=sallyport',
    '--containerd-plugins-namespace=sallyport-plugins',
    // No network of any kind is made, so the machine's firewall and addresses stay as they are.
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
  ];
}

async function createFolders(folders: EngineFolders): Promise<void> {
  await mkdir(folders.root, { recursive: true, mode: 0o700 });
  await mkdir(folders.runRoot, { recursive: true, mode: 0o700 });
  const owner = lstatSync(folders.runRoot);
  // In a shared temporary folder somebody else may have made this one first, or a link in its place.
  if (!owner.isDirectory() || owner.uid !== process.getuid?.()) {
    throw new Error(`${folders.runRoot} is not a folder of this user; remove it and run again`);
  }
}

/** Polls until `isDone`, for at most `timeoutMs`; gives up early when process `pid` has ended. */
async function until(
  timeoutMs: number,
  isDone: () => Promise<boolean>,
  pid?: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await isDone()) return true;
    if (pid !== undefined && argumentsOf(pid) === undefined) return false;
    await delay(POLL_MS);
  }
  return false;
}

async function readNumber(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** The end of the log, without the lines on every attempt to connect to its containerd. */
async function logTail(folders: EngineFolders): Promise<string> {
  const lines = (await readFile(folders.logFile, 'utf8').catch(() => '')).split('\n');
  const text = lines.filter((line) => !line.includes('module=grpc')).join('\n');
  return `${text.slice(-1_500).trim()}\n(the whole log: ${folders.logFile})`;
}
