import { beforeEach, describe, expect, it } from 'vitest';
import { WarmSandboxes } from '../../../src/dispatch/warm-sandboxes.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Limits } from '../../../src/domain/limits.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { RuntimeClass, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { FakeBlanks, type FakeContainer } from '../../support/fakes/fake-blanks.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

const maxAgeMs = 600_000;
let clock: FakeClock;
let engine: FakeBlanks;
let proven: Set<RuntimeClass>;
let stop: AbortController;
let warm: WarmSandboxes;
let kept: Promise<void>;
let warnings: unknown[];

beforeEach(() => open(1));

function open(sandboxes: number, wanted = specFor()): void {
  clock = new FakeClock();
  engine = new FakeBlanks();
  proven = new Set(['runc', 'runsc']);
  stop = new AbortController();
  warnings = [];
  const warn = (_fields: unknown, message: string): void => void warnings.push(message);
  const log = { info: () => undefined, warn, error: warn };
  const isProven = (runtime: RuntimeClass): boolean => proven.has(runtime);
  const size = { sandboxes, maxAgeMs };
  warm = new WarmSandboxes({ sandbox: engine, clock, log, size, isProven });
  warm.want(wanted);
  kept = warm.keep(stop.signal);
}

let tasks = 0;
function specFor(part: Partial<SandboxSpec> = {}, limits: Partial<Limits> = {}): SandboxSpec {
  tasks += 1;
  return {
    taskId: taskIdFor(`${tasks}`, 'review'),
    ownerId: 'runner-1',
    image: 'worker:1',
    runtime: 'runc',
    limits: { ...smallLimits, ...limits },
    ...part,
  };
}

/** Time for a refill, with room. */
const filled = (): Promise<void> => clock.advance(2_000);
const away = (): SallyportError => new SallyportError('engine.unavailable', 'planned');
const blanks = (): FakeContainer[] => engine.containers.filter(({ isBlank }) => isBlank);
const fault = (method: string): void =>
  engine.faults.plan({ method, nth: 1, when: 'before', error: away() });

describe('a sandbox that waits', () => {
  it('is given to a task under the limits of the task, and was held to less until then', async () => {
    await filled();
    const [blank] = blanks();
    expect(blank?.limits).toEqual({
      ...smallLimits,
      memoryBytes: 128 * 1024 * 1024,
      cpus: 0.5,
      pids: 64,
    });
    await clock.advance(3_000);
    const running = await warm.start(specFor({}, { memoryBytes: 2 ** 30, pids: 300 }));
    expect(running.warm).toEqual({ labelledAs: blank?.label, waitedMs: 5_000 });
    expect(running.wire).toBe(blank?.wire);
    expect(blank?.limits).toMatchObject({ memoryBytes: 2 ** 30, pids: 300, cpus: 2 });
    expect(engine.faults.count('start')).toBe(0);
  });

  it('never has more than the task may have, however little that is', async () => {
    open(1, specFor({}, { memoryBytes: 2 ** 26, cpus: 0.25, pids: 16 }));
    await filled();
    expect(blanks()[0]?.limits).toMatchObject({ memoryBytes: 2 ** 26, cpus: 0.25, pids: 16 });
  });

  it('is used once: it ends with its task, and another one waits then', async () => {
    await filled();
    const first = await warm.start(specFor());
    await first.destroy();
    expect(blanks()[0]?.isDestroyed).toBe(true);
    await filled();
    const second = await warm.start(specFor());
    expect(second.wire).not.toBe(first.wire);
    expect(blanks().map(({ assignments }) => assignments)).toEqual([1, 1]);
  });

  it('is nobody’s twice when tasks start at the same moment', async () => {
    open(2);
    await filled();
    const started = await Promise.all([1, 2, 3, 4].map(() => warm.start(specFor())));
    expect(new Set(started.map(({ wire }) => wire)).size).toBe(4);
    expect(started.filter((one) => one.warm !== undefined)).toHaveLength(2);
  });

  it('is none when the size is 0', async () => {
    open(0);
    await filled();
    expect((await warm.start(specFor())).warm).toBeUndefined();
    await filled();
    expect(blanks()).toEqual([]);
    await kept;
  });
});

describe('a sandbox that waits is not handed out', () => {
  const is = (running: { readonly warm?: unknown }): string =>
    running.warm === undefined ? 'cold' : 'warm';

  it.each([
    ['open files', { openFiles: 99 }],
    ['the size of the workspace', { workspaceBytes: 4096 }],
    ['inodes of the workspace', { workspaceInodes: 100 }],
    ['the size of /tmp', { tmpBytes: 4096 }],
  ])(
    'for a task with another ceiling of %s; the next one waits with that',
    async (_what, limits) => {
      await filled();
      expect(is(await warm.start(specFor({}, limits)))).toBe('cold');
      await filled();
      expect([blanks()[0]?.isDestroyed, blanks()[1]?.limits]).toMatchObject([true, limits]);
      expect(is(await warm.start(specFor({}, limits)))).toBe('warm');
    },
  );

  it.each([
    ['memory', { memoryBytes: 2 ** 29 + 1 }],
    ['processors', { cpus: 1 }],
    ['processes', { pids: 65 }],
  ])(
    'under gVisor for a task with another ceiling of %s: there nothing can be set',
    async (_what, limits) => {
      warm.want(specFor({ runtime: 'runsc' }));
      await filled();
      await filled();
      const [waiting] = blanks().filter(
        (one) => one.limits.memoryBytes === smallLimits.memoryBytes,
      );
      expect(waiting?.limits).toEqual(smallLimits);
      expect(is(await warm.start(specFor({ runtime: 'runsc' }, limits)))).toBe('cold');
      expect(is(await warm.start(specFor({ runtime: 'runsc' })))).toBe('warm');
    },
  );

  it('to another owner or runtime class', async () => {
    await filled();
    expect(is(await warm.start(specFor({ ownerId: 'other' })))).toBe('cold');
    await filled();
    expect(is(await warm.start(specFor({ ownerId: 'other', runtime: 'runsc' })))).toBe('cold');
  });

  it('when it has died; one that dies again and again is started more and more seldom', async () => {
    await filled();
    blanks()[0]?.die();
    expect(is(await warm.start(specFor()))).toBe('cold');
    await filled();
    const gaps: number[] = [];
    for (let deaths = 1; deaths <= 5; deaths += 1) {
      const [before, diedAtMs] = [blanks().length, clock.nowMs()];
      blanks().at(-1)?.die();
      while (blanks().length === before) await clock.advance(500);
      gaps.push(clock.nowMs() - diedAtMs);
    }
    expect(gaps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(engine.alive.filter(({ isBlank }) => isBlank)).toHaveLength(1);
  });

  it('when its wire is closed', async () => {
    await filled();
    blanks()[0]?.wire.destroy();
    expect(is(await warm.start(specFor()))).toBe('cold');
    expect(blanks()[0]?.isDestroyed).toBe(true);
  });

  it('when it is over age, and is replaced without anybody asking', async () => {
    await filled();
    await clock.advance(maxAgeMs + 32_000);
    expect([blanks().length, blanks()[0]?.isDestroyed]).toEqual([2, true]);
    await filled();
    expect(is(await warm.start(specFor()))).toBe('warm');
  });

  it('at the very moment of its age', async () => {
    await filled();
    const [blank] = blanks();
    const { promise, resolve } = Promise.withResolvers<void>();
    engine.hold = promise;
    await clock.advance(maxAgeMs);
    expect(is(await warm.start(specFor()))).toBe('cold');
    expect(blank?.assignments).toBe(0);
    resolve();
  });

  it('when its image is not what the name leads to any more; all of that image go at once', async () => {
    open(2);
    await filled();
    engine.image = 'sha256:second';
    const running = await warm.start(specFor());
    expect([is(running), running.imageDigest]).toEqual(['cold', 'sha256:second']);
    await clock.advance(0);
    expect(blanks().map(({ isDestroyed }) => isDestroyed)).toEqual([true, true]);
    await filled();
    expect((await warm.start(specFor())).imageDigest).toBe('sha256:second');
  });

  it('of an old image, which goes without a task too', async () => {
    await filled();
    engine.image = 'sha256:second';
    await clock.advance(32_000);
    expect(engine.alive.map(({ imageDigest }) => imageDigest)).toEqual(['sha256:second']);
  });

  it.each(['assign', 'imageId'])('when %s fails: the task gets one of its own', async (method) => {
    await filled();
    fault(method);
    expect(is(await warm.start(specFor()))).toBe('cold');
    await clock.advance(0);
    expect(blanks()[0]?.isDestroyed).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('when it dies, or its class loses its proof, while it is made ready', async () => {
    open(2);
    await filled();
    const dying = warm.start(specFor());
    blanks()[0]?.die();
    expect(is(await dying)).toBe('cold');
    const losing = warm.start(specFor());
    proven.delete('runc');
    expect(is(await losing)).toBe('cold');
    await clock.advance(0);
    expect(engine.alive.filter(({ isBlank }) => isBlank)).toEqual([]);
  });

  it('and its removal, if that fails, is tried until it is gone', async () => {
    await filled();
    engine.image = 'sha256:second';
    for (const nth of [1, 2]) engine.faults.plan({ method: 'destroy', nth, when: 'before' });
    await warm.start(specFor());
    await clock.advance(0);
    expect(blanks()[0]?.isDestroyed).toBe(false);
    await filled();
    expect(blanks()[0]?.isDestroyed).toBe(true);
  });

  it('a fault that is a bug is not covered up', async () => {
    await filled();
    engine.faults.plan({ method: 'assign', nth: 1, when: 'before', error: new TypeError('bug') });
    await expect(warm.start(specFor())).rejects.toThrow('bug');
    await clock.advance(0);
    expect(blanks()[0]?.isDestroyed).toBe(true);
  });
});

describe('the refill', () => {
  it('leaves the processors to a task that has just been started, and to one that is being started', async () => {
    await filled();
    await warm.start(specFor());
    await clock.advance(999);
    expect(blanks()).toHaveLength(1);
    await clock.advance(1);
    expect(blanks()).toHaveLength(2);
  });

  it('starts one at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    open(3);
    engine.hold = promise;
    await clock.advance(60_000);
    expect(blanks()).toHaveLength(1);
    resolve();
    await clock.advance(0);
    await filled();
    expect([blanks().length, warm.waiting]).toEqual([3, 3]);
  });

  it('waits longer after each fault of the engine, and delays no task', async () => {
    stop.abort();
    open(1);
    engine.faults.forget();
    for (let nth = 1; nth <= 4; nth += 1)
      engine.faults.plan({ method: 'startBlank', nth, when: 'before', error: away() });
    const seen: number[] = [];
    for (let second = 0; second <= 16; second += 1) {
      await clock.advance(1_000);
      seen.push(engine.faults.count('startBlank'));
    }
    // 0, 1, 3, 7 and 15 seconds after the first.
    expect(
      seen.map((calls, at) => (calls === seen[at - 1] ? null : calls)).filter(Boolean),
    ).toEqual([2, 3, 4, 5]);
    expect([seen[0], seen[2], seen[6], seen[14]]).toEqual([2, 3, 4, 5]);
    expect(warm.waiting).toBe(1);
  });

  it('starts nothing of a class that is not proven', async () => {
    open(1);
    proven.clear();
    await clock.advance(120_000);
    expect(blanks()).toEqual([]);
    proven.add('runc');
    await clock.advance(32_000);
    expect(warm.waiting).toBe(1);
  });

  it('keeps nothing of a class that was drained, nor what was being started for it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    open(2);
    await filled();
    engine.hold = promise;
    await warm.start(specFor());
    await filled();
    expect([blanks().length, warm.waiting]).toEqual([3, 1]);
    warm.drain('runc');
    proven.delete('runc');
    // Proven again before it is ready: it was started in the time before that all the same.
    proven.add('runc');
    resolve();
    await clock.advance(0);
    const destroyed = blanks().map(({ isDestroyed }) => isDestroyed);
    expect(destroyed.slice(0, 3)).toEqual([false, true, true]);
  });
});

describe('the end of a runner', () => {
  it('leaves none behind, whatever was under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    open(2);
    await filled();
    await warm.start(specFor());
    engine.hold = promise;
    await filled();
    stop.abort();
    resolve();
    await kept;
    expect(engine.alive.map(({ assignments }) => assignments)).toEqual([1]);
    expect((await warm.start(specFor())).warm).toBeUndefined();
  });

  it('says so when one could not be removed', async () => {
    await filled();
    for (const nth of [1, 2]) engine.faults.plan({ method: 'destroy', nth, when: 'before' });
    stop.abort();
    await kept;
    expect(warnings).toContain('waiting sandboxes are left behind');
  });
});

describe('what a sweep asks', () => {
  it('is asked of the engine: what waits and what is a task’s stays', async () => {
    open(2);
    await filled();
    await warm.start(specFor());
    await filled();
    expect(await warm.removeOwned('runner-1')).toEqual([]);
    expect(await warm.removeExpired()).toEqual([]);
    expect([engine.alive.length, warm.waiting]).toEqual([3, 2]);
    expect(engine.faults.count('removeExpired')).toBe(1);
  });

  it('finds what could not be destroyed', async () => {
    open(0);
    const spec = specFor();
    const running = await warm.start(spec);
    engine.faults.plan({ method: 'destroy', nth: 1, when: 'before' });
    await expect(running.destroy()).rejects.toThrow();
    expect((await warm.removeOwned('runner-1')).map(({ taskId }) => taskId)).toEqual([spec.taskId]);
    await warm.ping();
    expect(engine.faults.count('ping')).toBe(1);
  });
});
