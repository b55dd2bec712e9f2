import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DockerSandbox } from '../../../src/adapters/docker/docker-sandbox.ts';
import { type TaskId, taskIdFor } from '../../../src/domain/ids.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import type { RuntimeClass, SandboxExit } from '../../../src/ports/sandbox.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import type { SandboxResult } from '../../../src/wire/receive-result.ts';
import { serveWire } from '../../../src/wire/serve-wire.ts';
import type { WireTask } from '../../../src/wire/wire-task.ts';
import { testEngine } from '../engine.ts';
import { type HeadFile, type InputExtras, inputBundle } from './input-bundle.ts';
import { probeTask } from './probe-task.ts';
import { smallLimits } from './small-limits.ts';

/** The time of an agent that nobody means to run out of it: below the wall clock of `smallLimits`, ms. */
export const patienceMs = 120_000;

/** What to run in a sandbox: a program of the agent `probe`. */
export type Probe = {
  readonly image: string;
  readonly runtime: RuntimeClass;
  /** JavaScript; `say(value)` reports, `attempt(f)` gives an error's code, `python(code)` runs Python. */
  readonly program: string;
  readonly head?: Readonly<Record<string, HeadFile>>;
  /** What is beside the head; the task says that there is a base where one is given. */
  readonly extras?: InputExtras;
  readonly limits?: Partial<Limits>;
  readonly agentMs?: number;
  readonly canary?: string;
  readonly beside?: Pick<WireTask, 'modelKey' | 'budget' | 'onEgress'>;
  /** The program prints text that is not `say`'s: look at `events`. */
  readonly tellsText?: boolean;
};

/** What came of it. Exactly one of `result` and `error` is there. */
export type Probed = {
  readonly result?: SandboxResult;
  readonly error?: unknown;
  readonly events: readonly SandboxEvent[];
  /** What the program said, in order. */
  readonly said: readonly unknown[];
  readonly stderr: string;
  readonly exit: SandboxExit;
};

/** The adapter under test, on the engine of this test run. */
export async function testSandbox(): Promise<DockerSandbox> {
  const profile = join(import.meta.dirname, '../../../policies/seccomp.json');
  return new DockerSandbox({
    docker: { socketPath: testEngine().socketPath },
    seccompProfile: await readFile(profile, 'utf8'),
  });
}

/** Of this process alone, so that runs side by side leave each other's containers in peace. */
const ownerId = `probe-${process.pid}`;
let runs = 0;

/** A task id that no other run of this process has. */
export function freshTaskId(): TaskId {
  runs += 1;
  return taskIdFor(`probe-${process.pid}-${runs}`, 'review');
}

/** Runs one probe from start to removal. */
export async function runProbe(probe: Probe): Promise<Probed> {
  const limits = { ...smallLimits, ...probe.limits };
  const taskId = freshTaskId();
  const agentMs = probe.agentMs ?? patienceMs;
  const input = {
    ...probeTask(taskId, probe.program, { limits, agentMs }),
    ...(probe.extras?.base === undefined ? {} : { hasBase: true }),
  };
  const sandbox = await testSandbox();
  const { image, runtime } = probe;
  const running = await sandbox.start({ taskId, ownerId, image, runtime, limits });
  const stderr = text(running.stderr);
  const events: SandboxEvent[] = [];
  try {
    const outcome = await serveWire(running.wire, {
      bundle: () => inputBundle(input, probe.head, probe.extras),
      limits,
      canary: probe.canary,
      ...probe.beside,
      onEvent: (event) => void events.push(event),
      signal: AbortSignal.timeout(limits.wallClockMs),
    }).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const exit = await running.ended();
    return {
      ...outcome,
      events,
      said: probe.tellsText ? [] : saidIn(events),
      stderr: await stderr,
      exit,
    };
  } finally {
    await running.destroy();
  }
}

function saidIn(events: readonly SandboxEvent[]): unknown[] {
  return events
    .filter((event) => event.type === 'log' && event.stream === 'stdout')
    .map((event) => JSON.parse(event.type === 'log' ? event.text : '') as unknown);
}
