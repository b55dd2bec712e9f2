import { setTimeout as pause } from 'node:timers/promises';
import type { AgentVariable } from '../../src/protocol/agent-environment.ts';
import type { SandboxEvent } from '../../src/protocol/event.ts';
import type { ModelLimit } from '../../src/protocol/usage.ts';
import { Ceilings } from './ceilings.ts';
import { ExecRecorder, type RootExit } from './exec-record/exec-recorder.ts';
import { type LaunchOrder, launchOrder } from './exec-record/launcher.ts';
import { startTracer, type Tracer, type WaitingTracer } from './exec-record/tracer.ts';
import { agentName } from './identity.ts';
import { LogLines } from './log-lines.ts';
import { endTraced, killEverythingElse, signal } from './process-table.ts';
import { proxyEnvironment } from './proxy/proxy-places.ts';
import { UsageMeter } from './usage-meter.ts';

/** How long an agent may take to write down what it has, when it is asked to end. */
const finishingMs = 5_000;

/** How an agent ended. */
export type AgentEnd = RootExit & { readonly timedOut: boolean };

/** Whom a run is told to, and what else may end it. */
export type AgentWatch = {
  readonly send: (event: SandboxEvent) => void;
  /** Resolves when the broker answers no more of its requests to models. */
  readonly modelLimit: Promise<ModelLimit>;
};

/** Processes could not be recorded, or not to the end. */
export class NoExecRecord extends Error {}

/**
 * Runs the task's agent as uid 1000 until it ends or its time is over, then kills whatever it left. Every
 * process is recorded from the kernel's side. When this resolves, no process but the supervisor and init
 * is alive.
 * @throws NoExecRecord when strace does not start or ends before the agent; nothing of it is alive then.
 */
export async function runAgent(
  waiting: Promise<WaitingTracer>,
  order: LaunchOrder,
  { send, modelLimit }: AgentWatch,
): Promise<{ readonly end: AgentEnd; readonly askedToEnd: boolean }> {
  const recorder = new ExecRecorder(send);
  const lines = new LogLines(send);
  const ceilings = new Ceilings(order.input.limits);
  const meter = new UsageMeter(send, () => ({
    peakTasks: recorder.tasks.peak,
    outputBytes: lines.outputBytes,
  }));
  const tracer = await trace(waiting, order, { recorder, ceilings });
  for (const stream of ['stdout', 'stderr'] as const)
    tracer.child[stream].on('data', (chunk: Buffer) => {
      lines.take(stream, chunk);
      ceilings.sawOutput(lines.outputBytes);
    });
  void modelLimit.then((limit) => ceilings.sawModelLimit(limit));
  await Promise.race([recorder.rootExit, ceilings.reached]);
  if (ceilings.limit !== undefined) send({ type: 'limit', limit: ceilings.limit });
  if (ceilings.mayFinish) await askToEnd(recorder, ceilings.overrun);
  ceilings.end();
  // Not only the agent's own process: what it left behind may hold the pipes open for ever.
  await endTraced(tracer.child);
  await tracer.drained;
  await killEverythingElse();
  await tracer.closed;
  lines.end();
  meter.end();
  const rootExit = await recorder.rootExit;
  recorder.end();
  if (rootExit === undefined) throw new NoExecRecord('strace ended before the agent did');
  const end = { ...rootExit, timedOut: ceilings.isTimeUp };
  return { end, askedToEnd: ceilings.mayFinish };
}

/**
 * Asks the agent's own process, which is to pass it on to what it started; a moment later nobody is asked, and at once
 * where it reaches another ceiling.
 */
async function askToEnd(
  { rootPid, rootExit }: ExecRecorder,
  overrun: Promise<void>,
): Promise<void> {
  if (rootPid === undefined) return;
  signal(rootPid, 'SIGTERM');
  const late = new AbortController();
  await Promise.race([rootExit, overrun, pause(finishingMs, undefined, { signal: late.signal })]);
  late.abort();
}

async function trace(
  waiting: Promise<WaitingTracer>,
  order: LaunchOrder,
  { recorder, ceilings }: { readonly recorder: ExecRecorder; readonly ceilings: Ceilings },
): Promise<Tracer> {
  try {
    const tracer = (await waiting).run(launchOrder(order), (line) => {
      recorder.take(line);
      ceilings.sawTasks(recorder.tasks.alive);
    });
    void tracer.drained.then(() => recorder.lost());
    return tracer;
  } catch (cause) {
    recorder.lost();
    await killEverythingElse();
    throw new NoExecRecord('strace does not start', { cause });
  }
}

/**
 * Starts what an agent will be watched by, before there is one: it takes as long as the agent's own start.
 * What goes wrong is told when there is an agent to run.
 */
export function awaitAgent(): Promise<WaitingTracer> {
  const waiting = startTracer({ user: agentName, cwd: '/workspace', env: environment });
  waiting.catch(() => undefined);
  return waiting;
}

/** All that an agent has for an environment, but for the time of the head and the canary, which come with the task. */
const environment: Readonly<Record<Exclude<AgentVariable, 'SOURCE_DATE_EPOCH'>, string>> = {
  ...proxyEnvironment,
  HOME: '/home/agent',
  LANG: 'C.UTF-8',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  PYTHONDONTWRITEBYTECODE: '1',
  TZ: 'UTC',
};
