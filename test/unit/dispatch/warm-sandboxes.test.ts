import { beforeEach, describe, expect, it } from 'vitest';
import { smallLimits } from '../../support/sandbox/small-limits.ts';
import { maxAgeMs, specFor, WarmScene } from './warm-scene.ts';

let scene: WarmScene;
beforeEach(() => {
  scene = new WarmScene();
});

describe('a sandbox that waits', () => {
  it('is held to what was asked for last, and to what its task asks for when it is given', async () => {
    await scene.filled();
    const [blank] = scene.blanks;
    expect(blank?.limits).toEqual(smallLimits);
    await scene.clock.advance(3_000);
    const running = await scene.warm.start(specFor({}, { memoryBytes: 2 ** 30, pids: 300 }));
    expect(running.warm).toEqual({ labelledAs: blank?.label, waitedMs: 5_000 });
    expect(running.wire).toBe(blank?.wire);
    expect(blank?.limits).toMatchObject({ memoryBytes: 2 ** 30, pids: 300, cpus: 2 });
    expect(scene.engine.faults.count('start')).toBe(0);
    await scene.filled();
    expect(scene.blanks[1]?.limits).toEqual(blank?.limits);
  });

  it('is used once: it ends with its task, and another one waits then', async () => {
    await scene.filled();
    const first = await scene.warm.start(specFor());
    await first.destroy();
    expect(scene.blanks[0]?.isDestroyed).toBe(true);
    await scene.filled();
    const second = await scene.warm.start(specFor());
    expect(second.wire).not.toBe(first.wire);
    expect(scene.blanks.map(({ assignments }) => assignments)).toEqual([1, 1]);
  });

  it('is nobody’s twice when tasks start at the same moment', async () => {
    scene = new WarmScene(2);
    await scene.filled();
    const started = await Promise.all([1, 2, 3, 4].map(() => scene.warm.start(specFor())));
    expect(new Set(started.map(({ wire }) => wire)).size).toBe(4);
    expect(started.filter((one) => one.warm !== undefined)).toHaveLength(2);
  });

  it('is none when the size is 0', async () => {
    scene = new WarmScene(0);
    await scene.filled();
    expect((await scene.warm.start(specFor())).warm).toBeUndefined();
    await scene.filled();
    expect(scene.blanks).toEqual([]);
    await scene.kept;
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
      await scene.filled();
      expect(is(await scene.warm.start(specFor({}, limits)))).toBe('cold');
      await scene.filled();
      expect([scene.blanks[0]?.isDestroyed, scene.blanks[1]?.limits]).toMatchObject([true, limits]);
      expect(is(await scene.warm.start(specFor({}, limits)))).toBe('warm');
    },
  );

  it.each([
    ['memory', { memoryBytes: 2 ** 29 + 1 }],
    ['processors', { cpus: 1 }],
    ['processes', { pids: 65 }],
  ])(
    'under gVisor for a task with another ceiling of %s: there nothing can be set',
    async (_what, limits) => {
      scene.warm.want(specFor({ runtime: 'runsc' }));
      await scene.filled();
      await scene.filled();
      const [waiting] = scene.blanks.filter(
        (one) => one.limits.memoryBytes === smallLimits.memoryBytes,
      );
      expect(waiting?.limits).toEqual(smallLimits);
      expect(is(await scene.warm.start(specFor({ runtime: 'runsc' }, limits)))).toBe('cold');
      expect(is(await scene.warm.start(specFor({ runtime: 'runsc' })))).toBe('warm');
    },
  );

  it('to another owner or runtime class', async () => {
    await scene.filled();
    expect(is(await scene.warm.start(specFor({ ownerId: 'other' })))).toBe('cold');
    await scene.filled();
    expect(is(await scene.warm.start(specFor({ ownerId: 'other', runtime: 'runsc' })))).toBe(
      'cold',
    );
  });

  it('when it has died; one that dies again and again is started more and more seldom', async () => {
    await scene.filled();
    scene.blanks[0]?.die();
    expect(is(await scene.warm.start(specFor()))).toBe('cold');
    await scene.filled();
    const gaps: number[] = [];
    for (let deaths = 1; deaths <= 5; deaths += 1) {
      const [before, diedAtMs] = [scene.blanks.length, scene.clock.nowMs()];
      scene.blanks.at(-1)?.die();
      while (scene.blanks.length === before) await scene.clock.advance(500);
      gaps.push(scene.clock.nowMs() - diedAtMs);
    }
    expect(gaps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(scene.engine.alive.filter(({ isBlank }) => isBlank)).toHaveLength(1);
  });

  it('when its wire is closed', async () => {
    await scene.filled();
    scene.blanks[0]?.wire.destroy();
    expect(is(await scene.warm.start(specFor()))).toBe('cold');
    expect(scene.blanks[0]?.isDestroyed).toBe(true);
  });

  it('when it is over age, and is replaced without anybody asking', async () => {
    await scene.filled();
    await scene.clock.advance(maxAgeMs + 32_000);
    expect([scene.blanks.length, scene.blanks[0]?.isDestroyed]).toEqual([2, true]);
    await scene.filled();
    expect(is(await scene.warm.start(specFor()))).toBe('warm');
  });

  it('at the very moment of its age', async () => {
    await scene.filled();
    const [blank] = scene.blanks;
    const { promise, resolve } = Promise.withResolvers<void>();
    scene.engine.hold = promise;
    await scene.clock.advance(maxAgeMs);
    expect(is(await scene.warm.start(specFor()))).toBe('cold');
    expect(blank?.assignments).toBe(0);
    resolve();
  });

  it('when its image is not what the name leads to any more; all of that image go at once', async () => {
    scene = new WarmScene(2);
    await scene.filled();
    scene.engine.image = 'sha256:second';
    const running = await scene.warm.start(specFor());
    expect([is(running), running.imageDigest]).toEqual(['cold', 'sha256:second']);
    await scene.clock.advance(0);
    expect(scene.blanks.map(({ isDestroyed }) => isDestroyed)).toEqual([true, true]);
    await scene.filled();
    expect((await scene.warm.start(specFor())).imageDigest).toBe('sha256:second');
  });

  it('of an old image, which goes without a task too', async () => {
    await scene.filled();
    scene.engine.image = 'sha256:second';
    await scene.clock.advance(32_000);
    expect(scene.engine.alive.map(({ imageDigest }) => imageDigest)).toEqual(['sha256:second']);
  });

  it.each(['assign', 'imageId'])('when %s fails: the task gets one of its own', async (method) => {
    await scene.filled();
    scene.fault(method);
    expect(is(await scene.warm.start(specFor()))).toBe('cold');
    await scene.clock.advance(0);
    expect(scene.blanks[0]?.isDestroyed).toBe(true);
    expect(scene.warnings).toHaveLength(1);
  });

  it('when it dies, or its class loses its proof, while it is made ready', async () => {
    scene = new WarmScene(2);
    await scene.filled();
    const dying = scene.warm.start(specFor());
    scene.blanks[0]?.die();
    expect(is(await dying)).toBe('cold');
    const losing = scene.warm.start(specFor());
    scene.proven.delete('runc');
    expect(is(await losing)).toBe('cold');
    await scene.clock.advance(0);
    expect(scene.engine.alive.filter(({ isBlank }) => isBlank)).toEqual([]);
  });

  it('and its removal, if that fails, is tried until it is gone', async () => {
    await scene.filled();
    scene.engine.image = 'sha256:second';
    for (const nth of [1, 2]) scene.fault('destroy', nth);
    await scene.warm.start(specFor());
    await scene.clock.advance(0);
    expect(scene.blanks[0]?.isDestroyed).toBe(false);
    await scene.filled();
    expect(scene.blanks[0]?.isDestroyed).toBe(true);
  });

  it('a fault that is a bug is not covered up', async () => {
    await scene.filled();
    scene.engine.faults.plan({
      method: 'assign',
      nth: 1,
      when: 'before',
      error: new TypeError('bug'),
    });
    await expect(scene.warm.start(specFor())).rejects.toThrow('bug');
    await scene.clock.advance(0);
    expect(scene.blanks[0]?.isDestroyed).toBe(true);
  });
});
