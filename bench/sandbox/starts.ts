import { setTimeout as pause } from 'node:timers/promises';
import type { RunningSandbox } from '../../src/ports/sandbox.ts';
import type { Measured, OpenComparison } from '../comparison.ts';
import { timeDockerRun } from './docker-command.ts';
import type { Place } from './place.ts';
import { openPool } from './pool.ts';
import { freshTaskId, runOrder, type Timeline } from './run-order.ts';

const dockerRun = 'docker run --rm --network none of the same image, running true';
/** After its first bytes a sandbox has the processor for this long, to come to rest. */
const restMs = 300;

/** From asking for a sandbox to the first instruction of the agent in it. */
export async function coldStart(place: Place): Promise<OpenComparison> {
  return {
    name: 'cold-start',
    title: "asking for a sandbox → the agent's execve, by the kernel's clock",
    baseline: dockerRun,
    unit: 'ms',
    target: { kind: 'ratio', atMost: 1.3 },
    rounds: 15,
    measure: async () => measuredStart(await runOrder(place, { order: { kind: 'nothing' } })),
    measureBaseline: async () => ({ value: await timeDockerRun(place) }),
    close: () => Promise.resolve(),
  };
}

/** The same, when a blank sandbox waits: from giving it its task. */
export async function warmStart(place: Place): Promise<OpenComparison> {
  const pool = openPool(place);
  return {
    name: 'warm-start',
    title: "giving a task to a sandbox that waits → the agent's execve, by the kernel's clock",
    baseline: dockerRun,
    unit: 'ms',
    target: { kind: 'ratio', atMost: 0.15 },
    rounds: 15,
    measure: async () => {
      await pool.filled();
      const times = await runOrder(place, { order: { kind: 'nothing' }, sandbox: pool.sandbox });
      if (!times.wasWarm) throw new Error('the pool had none that waited');
      return measuredStart(times);
    },
    measureBaseline: async () => ({ value: await timeDockerRun(place) }),
    close: () => pool.close(),
  };
}

/** A started sandbox whose supervisor has asked for its input and waits. */
export async function blankSandbox(
  place: Place,
  image: string = place.images.recording,
): Promise<RunningSandbox> {
  const { ownerId, runtime, policy } = place;
  const running = await place.sandbox.start({
    taskId: freshTaskId(),
    ownerId,
    image,
    runtime,
    limits: policy.limits,
  });
  // Looked at, not listened to: who takes the wire later is the first to read it.
  while (running.wire.readableLength === 0) await pause(5);
  await pause(restMs);
  return running;
}

function measuredStart(times: Timeline): Measured {
  const { started, connected, unpacked, executed, spoke } = times;
  const stages = {
    'the engine': started,
    'to the input': connected - started,
    unpacking: unpacked - connected,
    'to execve': executed - unpacked,
    'then to its first output': spoke - executed,
  };
  return { value: executed, stages };
}
