import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { workerInputs } from '../../scripts/setup/worker-context.ts';
import { buildWorkerImage } from '../../scripts/setup/worker-image.ts';
import type { TargetName } from '../../scripts/setup/worker-targets.ts';
import { testEngine } from '../support/engine.ts';
import { imageTree } from '../support/images/image-tree.ts';

/** Twice from the first layer on: minutes each on two idle cores, most of it Debian packages. */
const twoBuildsMs = 1_800_000;

/**
 * The smallest image of an agent with a program of its own. It has every stage of the others but their one COPY, and
 * ends as they all do; `linters` is its first stage and that end. By hand, any other: name it here.
 */
const targets: readonly TargetName[] = ['pi'];

describe('two builds of the same inputs', () => {
  it.each(targets)(
    'give the same file tree: %s',
    async (target) => {
      const docker = new Docker({ socketPath: testEngine().socketPath });
      const inputs = await workerInputs(target);
      const trees: (readonly string[])[] = [];
      for (const name of ['one', 'two']) {
        const ref = `sallyport-twice:${target}-${name}-${process.pid}`;
        try {
          const image = await buildWorkerImage(docker, inputs, { ref, noCache: true });
          trees.push((await imageTree(docker, image)).lines);
        } finally {
          await docker.getImage(ref).remove();
        }
      }
      const [one = [], two = []] = trees;
      expect(one.length).toBeGreaterThan(10_000);
      expect(two.filter((line) => !one.includes(line))).toEqual([]);
      expect(one.filter((line) => !two.includes(line))).toEqual([]);
    },
    twoBuildsMs,
  );
});
