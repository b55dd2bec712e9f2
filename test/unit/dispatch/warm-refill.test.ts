import { beforeEach, describe, expect, it } from 'vitest';
import { specFor, WarmScene } from './warm-scene.ts';

let scene: WarmScene;
beforeEach(() => {
  scene = new WarmScene();
});

describe('the refill', () => {
  it('leaves the processors to a task that has just been started, and to one that is being started', async () => {
    await scene.filled();
    await scene.warm.start(specFor());
    await scene.clock.advance(999);
    expect(scene.blanks).toHaveLength(1);
    await scene.clock.advance(1);
    expect(scene.blanks).toHaveLength(2);
  });

  it('starts one at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    scene = new WarmScene(3);
    scene.engine.hold = promise;
    await scene.clock.advance(60_000);
    expect(scene.blanks).toHaveLength(1);
    resolve();
    await scene.clock.advance(0);
    await scene.filled();
    expect([scene.blanks.length, scene.warm.waiting]).toEqual([3, 3]);
  });

  it('waits longer after each fault of the engine, and delays no task', async () => {
    scene = new WarmScene(1);
    for (let nth = 1; nth <= 4; nth += 1) scene.fault('startBlank', nth);
    const seen: number[] = [];
    for (let second = 0; second <= 16; second += 1) {
      await scene.clock.advance(1_000);
      seen.push(scene.engine.faults.count('startBlank'));
    }
    // 0, 1, 3, 7 and 15 seconds after the first.
    expect(
      seen.map((calls, at) => (calls === seen[at - 1] ? null : calls)).filter(Boolean),
    ).toEqual([2, 3, 4, 5]);
    expect([seen[0], seen[2], seen[6], seen[14]]).toEqual([2, 3, 4, 5]);
    expect(scene.warm.waiting).toBe(1);
  });

  it('starts nothing of a class that is not proven', async () => {
    scene = new WarmScene(1);
    scene.proven.clear();
    await scene.clock.advance(120_000);
    expect(scene.blanks).toEqual([]);
    scene.proven.add('runc');
    await scene.clock.advance(32_000);
    expect(scene.warm.waiting).toBe(1);
  });

  it('keeps nothing of a class that was drained, nor what was being started for it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    scene = new WarmScene(2);
    await scene.filled();
    scene.engine.hold = promise;
    await scene.warm.start(specFor());
    await scene.filled();
    expect([scene.blanks.length, scene.warm.waiting]).toEqual([3, 1]);
    scene.warm.drain(specFor());
    scene.proven.delete('runc');
    // Proven again before it is ready: it was started in the time before that all the same.
    scene.proven.add('runc');
    resolve();
    await scene.clock.advance(0);
    const destroyed = scene.blanks.map(({ isDestroyed }) => isDestroyed);
    expect(destroyed.slice(0, 3)).toEqual([false, true, true]);
  });
});

describe('the end of a runner', () => {
  it('leaves none behind, whatever was under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    scene = new WarmScene(2);
    await scene.filled();
    await scene.warm.start(specFor());
    scene.engine.hold = promise;
    await scene.filled();
    scene.stop.abort();
    resolve();
    await scene.kept;
    expect(scene.engine.alive.map(({ assignments }) => assignments)).toEqual([1]);
    expect((await scene.warm.start(specFor())).warm).toBeUndefined();
  });

  it('says so when one could not be removed', async () => {
    await scene.filled();
    for (const nth of [1, 2]) scene.fault('destroy', nth);
    scene.stop.abort();
    await scene.kept;
    expect(scene.warnings).toContain('waiting sandboxes are left behind');
  });
});

describe('what a sweep asks', () => {
  it('is asked of the engine: what waits and what is a task’s stays', async () => {
    scene = new WarmScene(2);
    await scene.filled();
    await scene.warm.start(specFor());
    await scene.filled();
    expect(await scene.warm.removeOwned('runner-1')).toEqual([]);
    expect(await scene.warm.removeExpired()).toEqual([]);
    expect([scene.engine.alive.length, scene.warm.waiting]).toEqual([3, 2]);
    expect(scene.engine.faults.count('removeExpired')).toBe(1);
  });

  it('finds what could not be destroyed', async () => {
    scene = new WarmScene(0);
    const spec = specFor();
    const running = await scene.warm.start(spec);
    scene.fault('destroy');
    await expect(running.destroy()).rejects.toThrow('planned');
    const [removed] = await scene.warm.removeOwned('runner-1');
    expect(removed?.taskId).toBe(spec.taskId);
    await scene.warm.ping();
    expect(scene.engine.faults.count('ping')).toBe(1);
  });
});
