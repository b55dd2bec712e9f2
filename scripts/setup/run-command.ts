import { type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Enough of a failing program's last words to act on; the rest is seldom the reason. */
const TAIL_CHARACTERS = 2_000;

/**
 * Runs a program to its end without a shell; its output is shown only when it fails.
 *
 * @throws Error with the exit code and the end of its output, or when it cannot be started.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<void> {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { tail: '' };
  collect(child.stdout, output);
  collect(child.stderr, output);
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  child.once('error', reject);
  child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  const ended = await promise;
  if (ended === 0) return;
  throw new Error(`${file} ${args[0] ?? ''} failed (${ended}):\n${output.tail.trim()}`);
}

function collect(stream: Readable | null, output: { tail: string }): void {
  stream?.setEncoding('utf8').on('data', (text: string) => {
    output.tail = (output.tail + text).slice(-TAIL_CHARACTERS);
  });
}
