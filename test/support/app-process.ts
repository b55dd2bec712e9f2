import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The App as an operator runs it: `sallyport start` in a process of its own. */
export interface AppProcess {
  /** Base address of its HTTP server. */
  readonly url: string;
  readonly child: ChildProcess;
  /** The last lines of its log, for a test that fails. */
  readonly lastLines: readonly string[];
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<void>;
}

const keptLines = 50;
const mainFile = join(import.meta.dirname, '../../src/main.ts');

/**
 * Starts a role with exactly this environment (and PATH), and resolves when it says that it has started.
 * @throws Error with its last lines when it ends before
 */
export async function startApp(
  env: Readonly<Record<string, string>>,
  role: 'start' | 'serve' | 'runner' = 'start',
): Promise<AppProcess> {
  const child = spawn(process.execPath, [mainFile, role], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  const url = await startedUrl(child, lastLines);
  return {
    url,
    child,
    lastLines,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function startedUrl(child: ChildProcess, last: string[]): Promise<string> {
  const started = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      last.push(line);
      last.splice(0, last.length - keptLines);
      const url = startedLine(line);
      if (url !== undefined) started.resolve(url);
    });
  }
  child.once('exit', (code) => {
    started.reject(
      new Error(`the App ended with ${code} before it had started:\n${last.join('\n')}`),
    );
  });
  return started.promise;
}

/** The address in pino's line `started`; an empty string for a runner, which has none. */
function startedLine(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  const record: unknown = JSON.parse(line);
  if (typeof record !== 'object' || record === null || !('msg' in record)) return undefined;
  if (record.msg !== 'started' || !('url' in record)) return undefined;
  return typeof record.url === 'string' ? record.url : '';
}
