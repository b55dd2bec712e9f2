import { setImmediate } from 'node:timers/promises';
import type { Context } from '../../../src/dispatch/context.ts';
import { paceGitHub } from '../../../src/dispatch/paced-github.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { Turns } from '../../../src/dispatch/turns.ts';
import type { TaskId } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import { Postponed } from '../../../src/ports/queue.ts';
import { Died, mortal } from '../fakes/mortal.ts';
import type { World } from '../fakes/world.ts';
import { type Mishap, Trap } from './trap.ts';

/** Longest that others wait for a process that died, ms. */
const leaseMs = 20_000;
const mostTries = 40;

/** A process of the App on the one store and the one GitHub of a world. */
class PlayedProcess {
  readonly trap: Trap;
  readonly context: Context;

  constructor(world: World, mishap?: Mishap) {
    this.trap = new Trap(mishap);
    const { github, store, ledger, queues, clock, ...rest } = world.context;
    const { trap } = this;
    const pace = mortal(store.contentPace, trap);
    this.context = {
      ...rest,
      clock,
      github: paceGitHub(mortal(github, trap), { pace, clock, log: rest.log }),
      store: mortal(store, trap),
      ledger: mortal(ledger, trap),
      queues: mortal(queues, trap),
      turns: new Turns({ leases: mortal(store.leases, trap), clock }),
    };
  }
}

/**
 * Has a task shown, as the queue does: again after every fault, by a new process after a death. Returns how many calls
 * the first process made.
 * @throws Error when it never comes to an end
 */
export async function showUntilSettled(
  world: World,
  taskId: TaskId,
  mishap?: Mishap,
): Promise<number> {
  const first = new PlayedProcess(world, mishap);
  let process = first;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { context } = process;
    const error = await passingTime(world, () => settleTask(context, taskId));
    if (error === undefined) return first.trap.calls;
    if (!isWorthAnotherTry(error)) throw error;
    await world.clock.advance(leaseMs);
    if (error instanceof Died) process = new PlayedProcess(world);
  }
  throw new Error(`task ${taskId} is not settled after ${mostTries} tries`);
}

/** Has a task shown by a process that dies, and by nobody after it. */
export async function showAndDie(
  world: World,
  taskId: TaskId,
  mishap: Omit<Mishap, 'how'>,
): Promise<void> {
  const { context } = new PlayedProcess(world, { ...mishap, how: 'dies' });
  await passingTime(world, () => settleTask(context, taskId));
  await world.clock.advance(leaseMs);
}

function isWorthAnotherTry(error: Error): boolean {
  const isRetryable = error instanceof SallyportError && error.retryable;
  return isRetryable || error instanceof Died || error instanceof Postponed;
}

/** Time goes on while something is done. Returns what it threw. */
async function passingTime(world: World, work: () => Promise<unknown>): Promise<Error | undefined> {
  const life = { isOver: false };
  let thrown: Error | undefined;
  const done = work()
    .catch((error: unknown) => {
      thrown = error instanceof Error ? error : new Error(String(error));
    })
    .finally(() => {
      life.isOver = true;
    });
  for (let turns = 1; !life.isOver; turns += 1) {
    await setImmediate();
    if (turns % 5 === 0 && !life.isOver) await world.clock.advance(1_000);
  }
  await done;
  return thrown;
}
