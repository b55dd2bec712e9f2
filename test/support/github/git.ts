import { spawn } from 'node:child_process';

/** Fails a git command: its exit code and what it said. */
export class GitFailure extends Error {
  readonly exitCode: number | null;

  constructor(args: readonly string[], exitCode: number | null, stderr: string) {
    super(`git ${args.slice(0, 4).join(' ')} exited with ${exitCode}: ${stderr.trim()}`);
    this.exitCode = exitCode;
  }
}

/** Input, extra environment and the codes that count as success. */
export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly okCodes?: readonly number[];
}

/** Runs git on one bare repository and returns its standard output. @throws GitFailure */
export async function git(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await gitBytes(gitDir, args, options)).toString('utf8');
}

/** Like `git`, for blobs that are not text. @throws GitFailure */
export function gitBytes(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env: gitEnvironment({ ...options.env, GIT_DIR: gitDir }) });
    const [output, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if ((options.okCodes ?? [0]).includes(code ?? -1)) resolve(Buffer.concat(output));
      else reject(new GitFailure(args, code, Buffer.concat(errors).toString('utf8')));
    });
    // git may close its input early (EPIPE); its exit code then says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/**
 * The whole environment of a git child: no user or system configuration, no hooks, no prompts,
 * no ownership check (the data folder may belong to another user in a container).
 */
export function gitEnvironment(
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_CONFIG_KEY_1: 'core.hooksPath',
    GIT_CONFIG_VALUE_1: '/dev/null',
    ...extra,
  };
}
