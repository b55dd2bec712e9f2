import { randomBytes } from 'node:crypto';
import { type TaskId, taskIdFor } from '../../domain/ids.ts';
import type { RunningSandbox, RuntimeClass } from '../../ports/sandbox.ts';
import { broken, held, type Verdict } from '../attack-case.ts';
import { attackLimits } from '../attack-limits.ts';
import type { Bench, Remains } from '../bench.ts';
import type { ControlPlaneCase } from '../control-plane-case.ts';
import { remainsOf } from '../traces.ts';

/** A sandbox whose control plane is gone has this long to notice. */
const endingMs = 10_000;

interface Blank {
  readonly taskId: TaskId;
  readonly running: RunningSandbox;
  readonly remains: Remains;
}

/** A sandbox that waits for its input. */
async function startBlank(bench: Bench, runtime: RuntimeClass): Promise<Blank> {
  const { sandbox, engine, ownerId, image } = bench;
  const taskId = taskIdFor(randomBytes(16).toString('hex'), 'containment');
  const spec = { taskId, ownerId, image, runtime, limits: attackLimits };
  const running = await sandbox.start(spec);
  running.stderr.resume();
  return { taskId, running, remains: await remainsOf(engine, ownerId) };
}

async function traces(bench: Bench, remains: Remains, evidence: string): Promise<Verdict> {
  const found = await bench.findTraces(remains);
  return found.length > 0 ? broken(`left behind: ${found.join(', ')}`) : held(evidence);
}

/** The control plane goes away in the middle: its connection closes, and nobody is left to clean up. */
async function judgeLost(bench: Bench, runtime: RuntimeClass): Promise<Verdict> {
  const { running } = await startBlank(bench, runtime);
  try {
    running.wire.destroy();
    const ended = new AbortController();
    const end = running.ended().finally(() => ended.abort());
    const late = bench.clock.after(endingMs, ended.signal).then(() => undefined);
    const exit = await Promise.race([end, late]);
    if (exit === undefined) return broken('it runs on without a control plane');
    return held(`ended by itself with ${exit.exitCode}`);
  } finally {
    await running.destroy();
  }
}

/** A runner that starts again removes what its former life left, and nothing else. */
async function judgeReaped(bench: Bench, runtime: RuntimeClass): Promise<Verdict> {
  const { taskId, running, remains } = await startBlank(bench, runtime);
  try {
    const removed = await bench.nextLife.removeOwned(bench.ownerId);
    if (!removed.some((one) => one.taskId === taskId)) return broken('the reaper did not find it');
    return await traces(bench, remains, 'found by its label and removed without a trace');
  } finally {
    await running.destroy();
  }
}

async function judgeRemoved(bench: Bench, runtime: RuntimeClass): Promise<Verdict> {
  const { running, remains } = await startBlank(bench, runtime);
  await running.destroy();
  const what = 'no container, mount, cgroup, process or file is left';
  return traces(bench, remains, what);
}

/** What may stay on the host when a sandbox is over. */
export const residueCases: readonly ControlPlaneCase[] = [
  ['residue.lost-control-plane', 'live on when the control plane is killed', judgeLost] as const,
  ['residue.reaped', 'survive the restart of its runner', judgeReaped] as const,
  ['residue.removed', 'leave something on the host', judgeRemoved] as const,
].map(([id, title, run]) => ({ kind: 'control-plane', id, title, run }));
