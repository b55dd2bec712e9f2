import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { specFor, WarmScene } from './warm-scene.ts';

let scene: WarmScene;
beforeEach(() => {
  scene = new WarmScene();
});
afterEach(async () => {
  scene.stop.abort();
  await scene.kept;
});

const ofImage = (image: string) => specFor({ image });
const waitingImages = (): readonly string[] =>
  scene.engine.alive.filter(({ isBlank }) => isBlank).map(({ imageDigest }) => imageDigest);

/** A task of this image comes and goes, and there is time to refill. */
async function task(image: string): Promise<boolean> {
  const running = await scene.warm.start(ofImage(image));
  await running.destroy();
  await scene.filled();
  return running.warm !== undefined;
}

describe('sandboxes of several images', () => {
  beforeEach(async () => {
    for (const name of ['codex', 'pi', 'command']) scene.engine.images.set(name, `sha256:${name}`);
    await scene.filled();
  });

  it('wait each for its own tasks, and leave the others alone', async () => {
    expect(await task('codex')).toBe(false);
    expect(waitingImages()).toEqual(['sha256:first', 'sha256:codex']);
    expect(await task('worker:1')).toBe(true);
    expect(await task('codex')).toBe(true);
    expect(scene.warm.waiting).toBe(2);
  });

  it('wait of the three that were asked for last', async () => {
    for (const image of ['codex', 'pi', 'command']) await task(image);
    await scene.clock.advance(60_000);
    expect(waitingImages().toSorted()).toEqual(['sha256:codex', 'sha256:command', 'sha256:pi']);
  });

  it('do not wait of an image that is gone, and the others still do', async () => {
    await task('codex');
    scene.engine.images.set('worker:1', undefined);
    await scene.clock.advance(60_000);
    expect(waitingImages()).toEqual(['sha256:codex']);
    expect(await task('codex')).toBe(true);
    expect(scene.warnings).toEqual([]);
  });

  it('go when their image is drained, and those of another stay', async () => {
    await task('codex');
    scene.warm.drain(ofImage('worker:1'));
    await scene.clock.advance(0);
    expect(waitingImages()).toEqual(['sha256:codex']);
  });
});
