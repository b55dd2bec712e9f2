import { spawnSync } from 'node:child_process';

/** Ends a Python that hangs; every attempt is far shorter. */
const timeoutMs = 25_000;

/**
 * Runs Python, which has system calls that Node has not; what it prints as JSON on its last line, or the
 * signal that ended it: a kill by the kernel is a fact, too.
 * @throws when it prints none, with what it said on stderr: an attempt that did not run has no facts.
 */
export function python(code: string, argument: unknown = null): unknown {
  const run = spawnSync('python3', ['-c', code, JSON.stringify(argument)], {
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  const last = run.stdout.trim().split('\n').at(-1) ?? '';
  if (last === '' && run.signal !== null) return { killed: run.signal };
  if (last === '') throw new Error(`python: ${run.stderr.slice(-500)}`);
  return JSON.parse(last) as unknown;
}
