import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Digest, digestOf, taskIdFor } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { RuntimeClass, Sandbox } from '../ports/sandbox.ts';
import { sentinelMark } from '../protocol/containment.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import { serveWire } from '../wire/serve-wire.ts';
import type { Plant } from './bait.ts';
import { containmentBundle } from './containment-task.ts';
import { judgeProbe } from './judge-probe.ts';
import { nothingTold, readFacts } from './read-facts.ts';

/** What a probe needs of its surroundings. */
export interface ProbePorts {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  /** Puts the sentinel where a careless adapter would pass it on. */
  readonly plant: Plant;
}

/** Which sandbox is probed: as a task of this policy would have it. */
export interface ProbeSubject {
  readonly runtime: RuntimeClass;
  readonly image: string;
  readonly ownerId: string;
  readonly limits: Limits;
}

/** Is a sandbox of this runtime what it should be? */
export interface ProbeVerdict {
  readonly runtime: RuntimeClass;
  readonly isProven: boolean;
  /** What is wrong, one line each. */
  readonly failures: readonly string[];
  readonly imageDigest: string;
  readonly ms: number;
}

/** Ten times what it takes on a busy machine. */
const patienceMs = 30_000;
const attempts = ['probe.inside', 'probe.sentinel'];

/**
 * Starts one sandbox as for a task and looks at it from the inside: identity, rights, mounts, network,
 * ceilings, and whether a secret of this process is in it.
 * @throws SallyportError `engine.*` when no sandbox could be started: nothing is known then
 */
export async function probeRuntime(
  ports: ProbePorts,
  subject: ProbeSubject,
): Promise<ProbeVerdict> {
  const { sandbox, clock, plant } = ports;
  const { runtime, image, ownerId, limits } = subject;
  const startedAtMs = clock.nowMs();
  const nonce = randomBytes(16).toString('hex');
  const word = `${sentinelMark.join('-')}-${randomBytes(16).toString('hex')}`;
  const uproot = plant('SALLYPORT_SENTINEL', word);
  try {
    const taskId = taskIdFor(nonce, 'probe');
    const running = await sandbox.start({ taskId, ownerId, image, runtime, limits });
    running.stderr.resume();
    const events: SandboxEvent[] = [];
    const order = orderOf(nonce, digestOf(word));
    const task = { taskId, order, limits, agentMs: patienceMs, head: {} };
    const fault = await serveWire(running.wire, {
      bundle: () => containmentBundle(task),
      limits,
      onEvent: (event) => void events.push(event),
      signal: AbortSignal.timeout(patienceMs),
    })
      .then(() => undefined, textOf)
      .finally(() => void running.destroy());
    await running.destroy();
    const failures = fault === undefined ? failuresOf(events, nonce, subject) : [fault];
    const ms = clock.nowMs() - startedAtMs;
    const { imageDigest } = running;
    return { runtime, isProven: failures.length === 0, failures, imageDigest, ms };
  } finally {
    uproot();
  }
}

function orderOf(nonce: string, sentinelDigest: Digest) {
  const nothing = { abstractSocket: null, marker: null };
  const nowhere = { tcp: [], metadata: [], udp: [], names: [], icmp: [], ...nothing };
  return { attempts, nonce, sentinelDigest, ...nowhere };
}

const Search = z.object({ files: z.number().min(1), found: z.array(z.string()) });

function failuresOf(
  events: readonly SandboxEvent[],
  nonce: string,
  subject: ProbeSubject,
): readonly string[] {
  const told = readFacts(events, nonce);
  const search = Search.safeParse((told.get('probe.sentinel') ?? nothingTold).facts);
  const inside = told.get('probe.inside') ?? nothingTold;
  const leaks = !search.success
    ? ['the probe did not look for the sentinel']
    : search.data.found.map((place) => `a secret of this process in ${place}`);
  return [...judgeProbe(inside.facts, subject), ...leaks];
}

function textOf(error: unknown): string {
  return `the probe did not end: ${error instanceof Error ? error.message : String(error)}`;
}
