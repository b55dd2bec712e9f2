import { randomBytes } from 'node:crypto';
import { taskIdFor } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { RunningSandbox, RuntimeClass, SandboxExit } from '../ports/sandbox.ts';
import type { ContainmentOrder } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import type { Setup } from './attack-case.ts';
import { attackAgentMs, attackLimits } from './attack-limits.ts';
import type { Bench } from './bench.ts';
import { type ContainmentTask, containmentBundle } from './containment-task.ts';
import { readFacts, type Told } from './read-facts.ts';
import { type Peak, watchUsage } from './watch-usage.ts';

/** One run of the agent `containment`, from start to removal. */
export interface AttemptsRun {
  readonly limits: Limits;
  readonly told: ReadonlyMap<string, Told>;
  readonly result?: SandboxResult;
  readonly error?: unknown;
  readonly exit: SandboxExit;
  readonly events: readonly SandboxEvent[];
  readonly peak: Peak;
  readonly visits: number;
  /** What was still on the host when the sandbox had been removed. */
  readonly traces: readonly string[];
  readonly runMs: number;
  readonly imageDigest: string;
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
  { attempts, setup }: { readonly attempts: readonly string[]; readonly setup: Setup },
): Promise<AttemptsRun> {
  const { sandbox, clock, ownerId, image, bait } = bench;
  const limits = { ...attackLimits, ...setup.limits };
  const order = orderOf(bench, attempts, setup);
  const taskId = taskIdFor(order.nonce, 'containment');
  const [startedAtMs, visitsBefore] = [clock.nowMs(), bait.visits()];
  const running = await sandbox.start({ taskId, ownerId, image, runtime, limits });
  running.stderr.resume();
  const { agentMs = attackAgentMs, head = {} } = setup;
  const life = await live(bench, running, { taskId, order, limits, agentMs, head });
  return {
    ...life,
    limits,
    told: readFacts(life.events, order.nonce),
    visits: bait.visits() - visitsBefore,
    traces: await bench.findTraces(life.containerId),
    runMs: clock.nowMs() - startedAtMs,
    imageDigest: running.imageDigest,
  };
}

type Life = Pick<AttemptsRun, 'events' | 'exit' | 'peak' | 'result' | 'error'> & {
  readonly containerId: string;
};

/** From the start of a sandbox to its removal, which nothing prevents. */
async function live(bench: Bench, running: RunningSandbox, task: ContainmentTask): Promise<Life> {
  const watching = new AbortController();
  const events: SandboxEvent[] = [];
  try {
    const [containerId = ''] = await bench.engine.containersOf(bench.ownerId);
    const watched = watchUsage(bench, containerId, watching.signal);
    // It is awaited below; until then a fault of the engine must not count as nobody's.
    watched.catch(() => undefined);
    const outcome = await serve(bench, running, {
      bundle: () => containmentBundle(task),
      limits: task.limits,
      onEvent: (event) => void events.push(event),
    });
    const exit = await endOf(bench, running, 'result' in outcome);
    watching.abort();
    return { ...outcome, containerId, events, exit, peak: await watched };
  } finally {
    watching.abort();
    await running.destroy();
  }
}

function orderOf(bench: Bench, attempts: readonly string[], setup: Setup): ContainmentOrder {
  const { sentinelDigest, abstractSocket } = bench.bait;
  const nonce = randomBytes(16).toString('hex');
  const secrets = { nonce, sentinelDigest, abstractSocket };
  return { attempts: [...attempts], ...secrets, ...bench.targets, ...setup.order };
}

type Served = { readonly result: SandboxResult } | { readonly error: unknown };

async function serve(
  { serve: serveOne, clock }: Bench,
  running: RunningSandbox,
  task: Omit<Parameters<Bench['serve']>[1], 'signal'>,
): Promise<Served> {
  const late = new AbortController();
  const done = new AbortController();
  const tooLate = new Error('the wall clock ran out');
  void clock.after(task.limits.wallClockMs, done.signal).then(() => late.abort(tooLate));
  try {
    return { result: await serveOne(running.wire, { ...task, signal: late.signal }) };
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
