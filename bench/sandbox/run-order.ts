import { agentInput } from '../../src/dispatch/agent-input.ts';
import { openBroker, type RunBroker } from '../../src/dispatch/open-broker.ts';
import { runSandbox } from '../../src/dispatch/run-sandbox.ts';
import { type TaskId, taskIdFor } from '../../src/domain/ids.ts';
import type { RunningSandbox, Sandbox } from '../../src/ports/sandbox.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import type { SandboxEvent } from '../../src/protocol/event.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import { systemClock } from '../../src/system-clock.ts';
import type { Order } from './agent/orders.ts';
import type { Place } from './place.ts';

/** One sandbox with the benchmark's agent in it. */
export interface OrderRun {
  readonly order: Order;
  /** The shipped image with the agent in it, unless told. */
  readonly image?: string;
  /** A sandbox that waits already. Absent: one is started. */
  readonly waiting?: RunningSandbox;
  /** Who starts it, unless it waits; the engine itself unless told. */
  readonly sandbox?: Sandbox;
  /** What the agent is given; a few files unless told. */
  readonly snapshot?: SourceSnapshot;
  readonly broker?: RunBroker;
}

/** When things happened, ms since the run was asked for; and what the agent said. */
export interface Timeline {
  /** The engine has started the container. */
  readonly started: number;
  /** The supervisor has asked for its input. */
  readonly connected: number;
  /** The input lies in the workspace. */
  readonly unpacked: number;
  /** The agent's own execve, by the kernel's clock as the exec record has it. */
  readonly executed: number;
  /** The agent's first line of output has arrived. */
  readonly spoke: number;
  /** No process of the agent is alive any more. */
  readonly ended: number;
  /** Did the sandbox wait in a pool? */
  readonly wasWarm: boolean;
  /** Processor time of the whole sandbox, ms, as its cgroup counts it; null where none does (gVisor). */
  readonly cpuMs: number | null;
  readonly told: unknown;
}

let runs = 0;

/** A task id that no other run of this process has. */
export function freshTaskId(): TaskId {
  runs += 1;
  return taskIdFor(`bench-${process.pid}-${runs}`, 'review');
}

/**
 * Runs an order as a task is run, from start to removal.
 * @throws Error when it gives no result, or the agent failed
 */
export async function runOrder(place: Place, run: OrderRun): Promise<Timeline> {
  const taskId = freshTaskId();
  const { snapshot = place.snapshot, image = place.images.recording } = run;
  const times = new Times();
  const sandbox = timed(
    run.waiting === undefined ? (run.sandbox ?? place.sandbox) : only(run.waiting),
    times,
  );
  const { policy, ownerId, runtime } = place;
  const bundle = snapshot.bundle(inputOf(place, { taskId, order: run.order, snapshot }));
  const closedBroker = {
    policy: policy.egress,
    modelKey: 'none',
    onRecord: () => Promise.resolve(),
  };
  times.begin();
  const verdict = await runSandbox(
    { sandbox, clock: systemClock },
    {
      taskId,
      ownerId,
      image,
      runtime,
      limits: policy.limits,
      bundle: bundle.stream,
      broker: run.broker ?? openBroker({ egress: noEgress, clock: systemClock }, closedBroker),
      onEvent: (event) => times.see(event),
      signal: new AbortController().signal,
    },
  );
  if (verdict.status !== 'result') throw new Error(`${verdict.status}: ${verdict.reason}`);
  const { exitCode, signal } = verdict.result.manifest.agent;
  if (exitCode !== 0)
    throw new Error(`the agent ended with ${exitCode ?? signal}: ${times.errors}`);
  return times.line();
}

const noEgress: Parameters<typeof openBroker>[0]['egress'] = {
  resolver: { resolve: () => Promise.reject(new Error('nothing is resolved')) },
  dialer: { connect: () => Promise.reject(new Error('nothing is dialled')) },
  credentials: new Map(),
  prices: { version: 1, asOf: '2026-01-01', models: {} },
};

/** Notes when what happens in a run. */
class Times {
  readonly #at = new Map<string, number>();
  #beganMs = 0;
  #told: unknown;
  #cpuMs: number | null = null;
  wasWarm = false;
  errors = '';

  begin(): void {
    this.#beganMs = Date.now();
  }

  note(name: string, atMs = Date.now()): void {
    if (!this.#at.has(name)) this.#at.set(name, atMs - this.#beganMs);
  }

  see(event: SandboxEvent): void {
    if (event.type === 'phase') this.note(event.phase);
    if (event.type === 'exec')
      for (const entry of event.batch) if (entry.kind === 'exec') this.note('executed', entry.atMs);
    if (event.type === 'usage') this.#cpuMs = event.peaks.cpuMs;
    if (event.type !== 'log') return;
    this.note('spoke');
    if (event.stream === 'stdout') this.#told = JSON.parse(event.text);
    else this.errors += event.text;
  }

  line(): Timeline {
    const at = (name: string): number => this.#at.get(name) ?? Number.NaN;
    return {
      started: at('started'),
      connected: at('unpacking'),
      unpacked: at('running'),
      executed: at('executed'),
      spoke: at('spoke'),
      ended: at('collecting'),
      wasWarm: this.wasWarm,
      cpuMs: this.#cpuMs,
      told: this.#told,
    };
  }
}

function timed(sandbox: Sandbox, times: Times): Pick<Sandbox, 'start'> & Sandbox {
  return {
    start: async (spec) => {
      const running = await sandbox.start(spec);
      times.note('started');
      times.wasWarm = running.warm !== undefined;
      return running;
    },
    removeOwned: (ownerId) => sandbox.removeOwned(ownerId),
    removeExpired: () => sandbox.removeExpired(),
    ping: () => sandbox.ping(),
  };
}

/** A port that has this one sandbox to give, as a pool would. */
export function only(running: RunningSandbox): Sandbox {
  return {
    start: () => Promise.resolve(running),
    removeOwned: () => Promise.resolve([]),
    removeExpired: () => Promise.resolve([]),
    ping: () => Promise.resolve(),
  };
}

function inputOf(
  { policy: { limits } }: Place,
  {
    taskId: id,
    order,
    snapshot,
  }: { readonly taskId: TaskId; readonly order: Order; readonly snapshot: SourceSnapshot },
): TaskInput {
  const { headSha, baseSha, changedFiles } = snapshot;
  const task = {
    id,
    kind: 'review',
    headSha,
    baseSha,
    instructions: JSON.stringify(order),
  } as const;
  return agentInput({ task, rules: { agent: 'bench', commands: [], limits } }, snapshot, [
    ...changedFiles,
  ]);
}
