import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SandboxEvent } from '../../src/protocol/event.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import { agentGid, agentUid } from './identity.ts';
import { LogLines } from './log-lines.ts';
import { killEverythingElse } from './process-table.ts';

/** How an agent ended. */
export type AgentEnd = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
};

/**
 * Runs the task's agent as uid 1000 until it ends or its time is over, then kills whatever it left.
 * When this resolves, no process but the supervisor and init is alive.
 */
export async function runAgent(
  input: TaskInput,
  send: (event: SandboxEvent) => void,
): Promise<AgentEnd> {
  const child = spawn(process.execPath, [`/opt/sallyport/agents/${input.agent}.js`], {
    cwd: '/workspace',
    env: environmentOf(input),
    stdio: ['ignore', 'pipe', 'pipe'],
    uid: agentUid,
    gid: agentGid,
  });
  const lines = new LogLines(send);
  child.stdout.on('data', (chunk: Buffer) => lines.take('stdout', chunk));
  child.stderr.on('data', (chunk: Buffer) => lines.take('stderr', chunk));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, input.limits.agentMs);
  const closed = once(child, 'close');
  // `exit`, not `close`: a process that it left behind may hold the pipes open for ever.
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  await killEverythingElse();
  await closed;
  lines.end();
  return { exitCode, signal, timedOut };
}

/** All that an agent has for an environment. */
function environmentOf(input: TaskInput): Record<string, string> {
  return {
    HOME: '/home/agent',
    LANG: 'C.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    PYTHONDONTWRITEBYTECODE: '1',
    SOURCE_DATE_EPOCH: `${input.sourceDateEpoch}`,
    TZ: 'UTC',
  };
}
