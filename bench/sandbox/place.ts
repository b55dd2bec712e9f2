import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../scripts/setup/prepare.ts';
import { ROOT } from '../../scripts/setup/root.ts';
import { DockerSandbox } from '../../src/adapters/docker/docker-sandbox.ts';
import type { EffectivePolicy } from '../../src/policy/effective-policy.ts';
import type { BlankSandboxes } from '../../src/ports/blank-sandbox.ts';
import type { RuntimeClass, Sandbox } from '../../src/ports/sandbox.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import { loadPolicy } from '../../src/wiring.ts';
import { type BenchImages, benchImages } from './bench-image.ts';
import { smallSnapshot } from './repository.ts';

/** What every case of this suite works with. */
export interface Place {
  readonly socketPath: string;
  readonly runtime: RuntimeClass;
  readonly images: BenchImages;
  readonly sandbox: Sandbox & BlankSandboxes;
  readonly ownerId: string;
  /** The policy that ships: its limits are what sandboxes get. */
  readonly policy: EffectivePolicy;
  /** A repository of a few files. */
  readonly snapshot: SourceSnapshot;
  /** On the machine's disk, for as long as the suite runs. */
  readonly folder: string;
}

/** Sets up engine and image like the demo and hands the place to `work`; leaves no container behind. */
export async function inPlace<T>(
  runtime: RuntimeClass,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const { engine, image } = await prepare();
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  try {
    const { socketPath } = engine;
    const policies = join(ROOT, 'policies');
    const sandbox = new DockerSandbox({
      docker: { socketPath },
      seccompProfile: await readFile(join(policies, 'seccomp.json'), 'utf8'),
    });
    const ownerId = `bench-${process.pid}`;
    const images = await benchImages(socketPath, image.id);
    const { policy } = loadPolicy(join(policies, 'default.yml')).loaded;
    const snapshot = await smallSnapshot(folder, policy.limits);
    try {
      const shared = { socketPath, runtime, images, sandbox, ownerId };
      return await work({ ...shared, policy, snapshot, folder });
    } finally {
      await sandbox.removeOwned(ownerId);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    await engine.release();
  }
}
