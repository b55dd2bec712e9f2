import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runSandbox, type SandboxRun } from '../../../src/dispatch/run-sandbox.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { routes } from '../../../src/protocol/wire.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { answers, type Behaviour, FakeSandbox, hangs } from '../../support/fakes/fake-sandbox.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';
import { waitFor } from '../../support/wait-for.ts';
import { request, write } from '../../support/wire/hostile-sandbox.ts';

function scene(behave: Behaviour) {
  const sandbox = new FakeSandbox();
  sandbox.behave = behave;
  const clock = new FakeClock();
  const wanted = new AbortController();
  const events: SandboxEvent[] = [];
  const run: SandboxRun = {
    taskId: taskIdFor('x', 'review'),
    ownerId: 'runner-1',
    image: 'worker:1',
    runtime: 'runsc',
    limits: smallLimits,
    bundle: () => Readable.from(['input']),
    onEvent: (event) => void events.push(event),
    signal: wanted.signal,
  };
  const start = (change: Partial<SandboxRun> = {}) =>
    runSandbox({ sandbox, clock }, { ...run, ...change });
  return { sandbox, clock, wanted, events, start };
}

const asksTwice: Behaviour = async (session) => {
  const input = { ':method': 'GET', ':path': routes.input };
  await request(session, input);
  await request(session, input);
};

describe('runSandbox', () => {
  it('starts what it was told to start, takes the result, and removes the container', async () => {
    const { sandbox, events, start } = scene(answers());
    const verdict = await start();
    const imageDigest = sandbox.started[0]?.imageDigest;
    expect(verdict).toMatchObject({ status: 'result', imageDigest });
    const said = events.filter((event) => event.type === 'progress');
    expect(said).toEqual([{ type: 'progress', text: 'looking' }]);
    const [running] = sandbox.started;
    expect(running?.isDestroyed).toBe(true);
    const { taskId } = running?.spec ?? {};
    const spec = { taskId, ownerId: 'runner-1', image: 'worker:1', runtime: 'runsc' };
    expect(running?.spec).toEqual({ ...spec, limits: smallLimits });
  });

  it('ends at the wall clock, whatever the sandbox does', async () => {
    const { sandbox, clock, start } = scene(hangs);
    const verdict = start();
    await waitFor('the sandbox', () => sandbox.started.at(0));
    await clock.advance(smallLimits.wallClockMs);
    expect(await verdict).toEqual({ status: 'timed-out', reason: 'limit:wall-clock' });
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('does not end a moment before the wall clock', async () => {
    const { sandbox, clock, start } = scene(hangs);
    const verdict = start();
    await waitFor('the sandbox', () => sandbox.started.at(0));
    await clock.advance(smallLimits.wallClockMs - 1);
    expect(sandbox.started[0]?.isDestroyed).toBe(false);
    await clock.advance(1);
    expect(await verdict).toMatchObject({ status: 'timed-out' });
  });

  it('is cancelled when it is not wanted any more', async () => {
    const { sandbox, wanted, start } = scene(hangs);
    const verdict = start();
    await waitFor('the sandbox', () => sandbox.started.at(0));
    wanted.abort();
    expect(await verdict).toEqual({ status: 'cancelled', reason: 'task:not-wanted' });
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
  });

  it('does not start what is not wanted in the first place', async () => {
    const { sandbox, wanted, start } = scene(answers());
    wanted.abort();
    expect(await start()).toMatchObject({ status: 'cancelled' });
    expect(sandbox.started).toEqual([]);
  });

  const dies =
    (oomKilled: boolean): Behaviour =>
    async (_session, running) => {
      running.exit = { exitCode: 137, oomKilled };
      running.die();
    };

  it.each([
    ['dies of hunger', dies(true), 'limit:memory'],
    ['dies', dies(false), 'sandbox:ended-early'],
    ['sends no result', answers({ protocol: 7 }), 'result:malformed'],
    ['sends too much', answers({ changes: [write('a', 2 ** 40)] }), 'limit:result-size'],
    ['asks for its input twice', asksTwice, 'sandbox:ended-early'],
  ] as const)('fails by name when the sandbox %s', async (_what, behave, reason) => {
    const { sandbox, start } = scene(behave);
    const verdict = await start();
    expect(verdict.status).toBe('failed');
    expect('reason' in verdict ? verdict.reason : '').toContain(reason);
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
  });

  it('believes the engine, not the sandbox, about memory', async () => {
    const { start } = scene(async (session, running) => {
      await answers({ agent: { exitCode: 137, signal: 'SIGKILL', timedOut: false } })(
        session,
        running,
      );
    });
    expect(await start()).toMatchObject({ status: 'result' });
  });

  it('passes on what the engine is at fault for', async () => {
    const { sandbox, start } = scene(answers());
    const error = new SallyportError('engine.unavailable', 'planned');
    sandbox.faults.plan({ method: 'start', nth: 1, when: 'before', error });
    await expect(start()).rejects.toThrow('planned');
  });

  it('tells what it used also when the engine goes away in the middle', async () => {
    const error = new SallyportError('engine.unavailable', 'planned');
    const { start } = scene(async (_session, running) => {
      running.destroy = () => Promise.reject(error);
      running.die();
    });
    const told: unknown[] = [];
    await expect(start({ onPeaks: (peaks) => void told.push(peaks) })).rejects.toThrow('planned');
    expect(told).toHaveLength(1);
  });

  it.each([
    ['a bundle that cannot be read', new SallyportError('git.failed', 'planned')],
    ['a bug', new TypeError('planned')],
  ])('does not blame the sandbox for %s', async (_what, error) => {
    const { sandbox, start } = scene(answers());
    const bundle = () =>
      new Readable({
        read: (): never => {
          throw error;
        },
      });
    await expect(start({ bundle })).rejects.toThrow('planned');
    expect(sandbox.started[0]?.isDestroyed).toBe(true);
  });
});
