import { existsSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { announce } from './announce.ts';
import { runCommand } from './run-command.ts';

/** What shows that a Debian package is there: a program on PATH, or an absolute path. */
const EVIDENCE = {
  'ca-certificates': '/etc/ssl/certs/ca-certificates.crt',
  chromium: 'chromium',
  codespell: '/usr/bin/codespell',
  'docker.io': 'dockerd',
  flake8: '/usr/bin/flake8',
  git: 'git',
  mmdebstrap: 'mmdebstrap',
  'python3-autopep8': '/usr/bin/autopep8',
  'redis-server': 'redis-server',
  runsc: 'runsc',
  shellcheck: '/usr/bin/shellcheck',
  strace: 'strace',
  yamllint: '/usr/bin/yamllint',
} as const;

/** A Debian package that the demo or the tests need. */
export type SystemPackage = keyof typeof EVIDENCE;

/** Needed whatever engine is used: Redis, git over HTTP, and the exec recorder's own tests. */
export const TOOLS: readonly SystemPackage[] = ['ca-certificates', 'git', 'redis-server', 'strace'];

/** Needed by the tests alone, which look at the stand-in's pages; 300 MB that the demo does without. */
export const BROWSER: readonly SystemPackage[] = ['chromium'];

/** Needed by the tests alone, which run the linters of the worker image outside of it too. */
export const LINTERS: readonly SystemPackage[] = [
  'codespell',
  'flake8',
  'python3-autopep8',
  'shellcheck',
  'yamllint',
];

/** Needed besides when the engine is one of our own. */
export const ENGINE_PACKAGES: readonly SystemPackage[] = ['docker.io', 'runsc'];

/** The machine that the set-up runs on, as far as installing goes. */
export type Machine = {
  readonly isDebian: boolean;
  readonly isRoot: boolean;
  has(evidence: string): boolean;
  install(names: readonly SystemPackage[]): Promise<void>;
};

/** Package lists older than this are fetched again before installing. */
const LISTS_MAX_AGE_MS = 60 * 60 * 1_000;

/** Waits for another apt on this machine, such as the set-up of a second clone, instead of failing. */
const APT_OPTIONS = ['-q', '-o', 'DPkg::Lock::Timeout=300'];

/** Daemons live in these folders, which the PATH of a plain `su` leaves out. */
const ADMIN_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Installs those of `wanted` that are missing; does nothing, and says nothing, when none is.
 *
 * @throws Error that names what to install when this machine is not Debian or we are not root.
 */
export async function ensureSystemPackages(
  wanted: readonly SystemPackage[],
  machine: Machine = thisMachine(),
): Promise<void> {
  const missing = wanted.filter((name) => !machine.has(EVIDENCE[name]));
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (!machine.isDebian) {
    const programs = missing.map((name) => EVIDENCE[name]).join(', ');
    throw new Error(`this machine lacks ${programs}. Install what provides them and run again.`);
  }
  if (!machine.isRoot) {
    throw new Error(
      `missing packages, and only root can install them. Run as root: ` +
        `apt-get install --no-install-recommends ${names}`,
    );
  }
  announce(`installing Debian packages: ${names}`);
  await machine.install(missing);
}

/** The absolute path of a program on PATH or in the administration folders; undefined if there is none. */
export function findProgram(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...ADMIN_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function thisMachine(): Machine {
  return {
    isDebian: existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined,
    isRoot: process.getuid?.() === 0,
    has: (evidence) =>
      evidence.startsWith('/') ? existsSync(evidence) : findProgram(evidence) !== undefined,
    install: aptInstall,
  };
}

async function aptInstall(names: readonly SystemPackage[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (await listsAreOld()) await runCommand('apt-get', [...APT_OPTIONS, 'update'], { env });
  const release = await keepServicesDown();
  try {
    const args = [...APT_OPTIONS, '-y', '--no-install-recommends', 'install', ...names];
    await runCommand('apt-get', args, { env });
  } finally {
    await release();
  }
}

async function listsAreOld(folder = '/var/lib/apt/lists'): Promise<boolean> {
  const lists = (await readdir(folder)).filter(
    (name) => name.endsWith('_Packages') || name.includes('_Packages.'),
  );
  if (lists.length === 0) return true;
  const times = await Promise.all(
    lists.map(async (name) => (await stat(join(folder, name))).mtimeMs),
  );
  return Date.now() - Math.max(...times) > LISTS_MAX_AGE_MS;
}

/**
 * Debian starts a daemon as soon as it is installed unless `policy-rc.d` forbids it. We need the
 * programs, not a system-wide Redis and Docker that nobody asked for. A policy that the
 * administrator wrote stays as it is.
 */
async function keepServicesDown(policy = '/usr/sbin/policy-rc.d'): Promise<() => Promise<void>> {
  if (existsSync(policy)) return async () => undefined;
  // 101 is "action forbidden by policy": Debian Policy Manual, section 9.3.3.1 and invoke-rc.d(8).
  await writeFile(policy, '#!/bin/sh\n# sallyport set-up; removed when it ends\nexit 101\n', {
    mode: 0o755,
  });
  return async () => rm(policy, { force: true });
}
