import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('./store-contender.ts', import.meta.url));

interface Contender {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string, undefined>;
}

async function* linesOf(output: Readable): AsyncGenerator<string, undefined> {
  yield* createInterface({ input: output });
  return undefined;
}

function start(args: readonly string[]): Contender {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { child, lines: linesOf(child.stdout) };
}

/**
 * Runs `count` processes on one database file, lets them loose at once when all have opened it, and
 * returns what each wrote. `argsOf` gives the arguments of each.
 */
export async function contend(
  count: number,
  argsOf: (index: number) => readonly string[],
): Promise<unknown[]> {
  const contenders = Array.from({ length: count }, (_, index) => start(argsOf(index)));
  await Promise.all(contenders.map(({ lines }) => lines.next()));
  for (const { child } of contenders) child.stdin.end('go\n');
  return Promise.all(
    contenders.map(async ({ child, lines }) => {
      const { value } = await lines.next();
      if (child.exitCode === null) await once(child, 'exit');
      return JSON.parse(String(value)) as unknown;
    }),
  );
}
