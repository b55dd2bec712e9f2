import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RequestsOrder, RequestsTold } from './agent/orders.ts';

const run = promisify(execFile);

/** A server of the benchmark in a process of its own, so that nobody shares an event loop with it. */
export interface HostServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts one of this folder's servers; resolves when it listens. */
export async function startServer(
  file: 'upstream-server.ts' | 'plain-proxy.ts',
): Promise<HostServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: Number(line.toString('utf8')),
    close: async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
}

/** The agent's client, on the host. */
export async function requestFromHost(order: RequestsOrder): Promise<RequestsTold> {
  const client = join(import.meta.dirname, 'direct-client.ts');
  const { stdout } = await run(process.execPath, [client, JSON.stringify(order)]);
  return JSON.parse(stdout) as RequestsTold;
}
