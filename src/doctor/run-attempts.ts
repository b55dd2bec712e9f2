import { randomBytes } from 'node:crypto';
import { taskIdFor } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { RunningSandbox, RuntimeClass, SandboxExit, SandboxSpec } from '../ports/sandbox.ts';
import type { ContainmentOrder } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import type { SandboxCase, Setup } from './attack-case.ts';
import { attackAgentMs, attackLimits } from './attack-limits.ts';
import type { Bench, Remains, Taken } from './bench.ts';
import { containmentBundle } from './containment-task.ts';
import { type EgressSeen, nothingSeen } from './egress/egress-seen.ts';
import { openWayOut, type WayOut } from './egress/way-out.ts';
import { headSnapshot } from './head-snapshot.ts';
import { readFacts, type Told } from './read-facts.ts';
import { headWithSpeeches } from './speeches.ts';
import { remainsOf } from './traces.ts';
import { type Peak, watchUsage } from './watch-usage.ts';

/** One run of the agent `containment`, from start to removal. */
export interface AttemptsRun {
  readonly limits: Limits;
  readonly told: ReadonlyMap<string, Told>;
  readonly result?: SandboxResult;
  readonly taken?: Taken;
  readonly error?: unknown;
  readonly exit: SandboxExit;
  readonly events: readonly SandboxEvent[];
  readonly peak: Peak;
  readonly visits: number;
  readonly egress: EgressSeen;
  readonly isMarked: boolean;
  /** What was still on the host when the sandbox had been removed. */
  readonly traces: readonly string[];
  readonly runMs: number;
  readonly imageDigest: string;
}

/** What to run, and who looks on. */
export interface AttemptsOrder {
  readonly attempts: readonly string[];
  readonly setup: Setup;
  /** Where attempts get from what they say. */
  readonly cases?: readonly SandboxCase[];
  readonly onEvent?: (event: SandboxEvent, nonce: string) => void;
  /** Ends the run before its time. */
  readonly signal?: AbortSignal;
}

/** After its result a sandbox ends by itself; one that takes longer is ended. */
const endingMs = 10_000;

/**
 * Runs attempts in one sandbox. Everything that the sandbox does ends up in the answer; only an engine at
 * fault is an error. @throws SallyportError `engine.*`
 */
export async function runAttempts(
  bench: Bench,
  runtime: RuntimeClass,
  order: AttemptsOrder,
): Promise<AttemptsRun> {
  const { clock, ownerId, image, bait } = bench;
  const { setup } = order;
  const limits = { ...attackLimits, ...setup.limits };
  const contained = orderOf(bench, order);
  const taskId = taskIdFor(contained.nonce, 'containment');
  const [startedAtMs, visitsBefore] = [clock.nowMs(), bait.visits()];
  const { agentMs = attackAgentMs, egress } = setup;
  const wayOut = egress && (await openWayOut(bench.egress, egress, clock));
  const head = headWithSpeeches(setup.head ?? {}, order.cases ?? [], wayOut?.places);
  const task = { ...order, taskId, order: contained, limits, agentMs, head, wayOut };
  const spec = { taskId, ownerId, image, runtime, limits };
  const { remains, ...life } = await live(bench, await startOr(bench, spec, wayOut), task);
  return {
    ...life,
    ...(await takenOf(bench, head, life.result)),
    limits,
    told: readFacts(life.events, contained.nonce),
    visits: bait.visits() - visitsBefore,
    isMarked: bait.isMarked(),
    traces: await bench.findTraces(remains),
    runMs: clock.nowMs() - startedAtMs,
  };
}

/** Starts the sandbox. One that does not start leaves nothing open. */
async function startOr(
  { sandbox }: Bench,
  spec: SandboxSpec,
  wayOut: WayOut | undefined,
): Promise<RunningSandbox> {
  try {
    return await sandbox.start(spec);
  } catch (error) {
    await wayOut?.close();
    throw error;
  }
}

type Life = Omit<
  AttemptsRun,
  'limits' | 'told' | 'taken' | 'visits' | 'isMarked' | 'traces' | 'runMs'
> & {
  readonly remains: Remains;
};

type LifeTask = Parameters<typeof containmentBundle>[0] &
  Pick<AttemptsOrder, 'onEvent' | 'signal'> & { readonly wayOut: WayOut | undefined };

/** From the start of a sandbox to its removal, which nothing prevents. */
async function live(bench: Bench, running: RunningSandbox, task: LifeTask): Promise<Life> {
  const watching = new AbortController();
  const events: SandboxEvent[] = [];
  running.stderr.resume();
  try {
    const remains = await remainsOf(bench.engine, bench.ownerId);
    const watched = watchUsage(bench, remains.containerId, watching.signal);
    // It is awaited below; until then a fault of the engine must not count as nobody's.
    watched.catch(() => undefined);
    const outcome = await serve(bench, running, {
      ...task,
      onEvent: (event) => {
        events.push(event);
        task.onEvent?.(event, task.order.nonce);
      },
    });
    const exit = await endOf(bench, running, 'result' in outcome);
    watching.abort();
    const egress = (await task.wayOut?.close()) ?? nothingSeen;
    const { imageDigest } = running;
    return { ...outcome, remains, events, exit, egress, imageDigest, peak: await watched };
  } finally {
    watching.abort();
    await running.destroy();
    await task.wayOut?.close();
  }
}

function orderOf(bench: Bench, { attempts, setup }: AttemptsOrder): ContainmentOrder {
  const { sentinelDigest, abstractSocket, marker } = bench.bait;
  const nonce = randomBytes(16).toString('hex');
  const secrets = { nonce, sentinelDigest, abstractSocket, marker };
  return { attempts: [...attempts], ...secrets, ...bench.targets, ...setup.order };
}

/** What the control plane does next with a result: on this host, over bytes of the sandbox's. */
async function takenOf(
  { take }: Bench,
  head: Readonly<Record<string, string>>,
  result: SandboxResult | undefined,
): Promise<{ readonly taken?: Taken }> {
  return result === undefined ? {} : { taken: await take(headSnapshot(head), result) };
}

type Served = { readonly result: SandboxResult } | { readonly error: unknown };

async function serve(
  { serve: serveOne, clock }: Bench,
  running: RunningSandbox,
  {
    wayOut,
    signal,
    onEvent,
    ...task
  }: LifeTask & Required<Pick<Parameters<Bench['serve']>[1], 'onEvent'>>,
): Promise<Served> {
  const late = new AbortController();
  const done = new AbortController();
  const tooLate = new Error('the wall clock ran out');
  void clock.after(task.limits.wallClockMs, done.signal).then(() => late.abort(tooLate));
  const ends = [late.signal, wayOut?.ended, signal].filter((one) => one !== undefined);
  try {
    const result = await serveOne(running.wire, {
      bundle: () => containmentBundle(task),
      limits: task.limits,
      onEvent,
      ...(wayOut === undefined ? {} : { onEgress: wayOut.onEgress }),
      signal: AbortSignal.any(ends),
    });
    return { result };
  } catch (error) {
    return { error };
  } finally {
    done.abort();
  }
}

async function endOf(
  { clock }: Bench,
  running: RunningSandbox,
  hasResult: boolean,
): Promise<SandboxExit> {
  const ended = new AbortController();
  const exit = running.ended().finally(() => ended.abort());
  const patienceMs = hasResult ? endingMs : endingMs / 2;
  const late = clock.after(patienceMs, ended.signal).then(() => 'late' as const);
  if ((await Promise.race([exit, late])) === 'late') await running.destroy();
  return exit;
}
