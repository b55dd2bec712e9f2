import { spawn } from 'node:child_process';

/** A program and its arguments; never a shell line. */
export type Command = {
  readonly tool: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly stdin?: string;
};

/** The exit of a program that ended by itself, or why there is none. */
export type ExecResult =
  | { readonly ok: true; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly ok: false; readonly why: string };

/** Runs one program to its end; never throws for what the program does. */
export type Exec = (command: Command) => Promise<ExecResult>;

/** Where programs are looked for, what they may use, and which paths do not belong in a message. */
export type ExecLimits = {
  readonly toolPath: string;
  readonly home: string;
  readonly timeoutMs: number;
  /** Milliseconds left to the caller; asked before each start. */
  readonly remainingMs: () => number;
  readonly maxOutputBytes: number;
};

/**
 * An `Exec` with a fixed environment (no locale, time zone, colour or cache of the machine), a time
 * limit and an output cap. A program over a limit is killed with everything that it started.
 */
export function execWithin(limits: ExecLimits): Exec {
  return (command) => {
    const timeoutMs = Math.min(limits.timeoutMs, limits.remainingMs());
    if (timeoutMs <= 0) return Promise.resolve({ ok: false, why: 'no time was left for it' });
    return runOnce(command, limits, timeoutMs);
  };
}

function runOnce(command: Command, limits: ExecLimits, timeoutMs: number): Promise<ExecResult> {
  return new Promise((resolve) => {
    const child = spawn(command.tool, [...command.args], {
      cwd: command.cwd,
      env: fixedEnvironment(limits),
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group, so that a time-out reaches grandchildren as well.
      detached: true,
    });
    let refusal: string | null = null;
    const refuse = (why: string): void => {
      refusal ??= why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => refuse('ran out of time'), timeoutMs);
    const stdout = collect(child.stdout, limits.maxOutputBytes, () => refuse('wrote too much'));
    const stderr = collect(child.stderr, limits.maxOutputBytes, () => refuse('wrote too much'));
    child.stdin.on('error', () => undefined); // EPIPE: it closed its input early, its exit says why
    child.stdin.end(command.stdin ?? '');
    const settle = (result: ExecResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on('error', () => settle({ ok: false, why: 'could not be started' }));
    child.on('close', (code, signal) => {
      if (refusal !== null) settle({ ok: false, why: refusal });
      else if (code === null) settle({ ok: false, why: `was ended by ${signal ?? 'a signal'}` });
      else settle({ ok: true, code, stdout: stdout(), stderr: stderr() });
    });
  });
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, full: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) full();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has just ended by itself, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function fixedEnvironment(limits: ExecLimits): NodeJS.ProcessEnv {
  return {
    PATH: limits.toolPath,
    HOME: limits.home,
    TMPDIR: limits.home,
    XDG_CACHE_HOME: limits.home,
    XDG_CONFIG_HOME: limits.home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0',
    PYTHONNOUSERSITE: '1',
    PYTHONUTF8: '1',
  };
}
