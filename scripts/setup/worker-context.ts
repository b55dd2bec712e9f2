import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PINNED_BASE } from './base-image.ts';
import { stagesFor } from './dockerfile-stages.ts';
import { imageContents } from './image-contents.ts';
import { type LockedModules, readLockedModules } from './locked-modules.ts';
import { type PlatformBinary, platformBinaries } from './platform-binaries.ts';
import { ROOT } from './root.ts';
import { type WorkerBundle, workerBuild } from './worker-bundle.ts';
import { type TargetName, workerTarget } from './worker-targets.ts';

/** Everything that one worker image is made of, before it is read and sent. */
export type WorkerInputs = {
  readonly target: TargetName;
  /** SHA-256 over all of it, hex: the same inputs give the same tag. */
  readonly digest: string;
  /** With the stages of this target alone. */
  readonly dockerfile: string;
  /** Small texts beside it, by their name in the context. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly bundles: readonly WorkerBundle[];
  /** What is in the image and cannot be seen there, for its bill of materials: JSON. */
  readonly contents: string;
  /** The large binaries, by their name in the context. */
  readonly binaries: readonly PlatformBinary[];
  /** npm's packages, by their name in the context. */
  readonly modules: readonly LockedModules[];
};

/** Without it Node reads a bundle twice to find out that it is an ES module. */
export const PACKAGE_JSON = '{"type":"module"}\n';

/**
 * Collects the inputs of a worker image for this machine's processor.
 *
 * @throws Error when the supervisor or an agent does not build, or there is no binary for this platform.
 */
export async function workerInputs(
  target: TargetName = 'linters',
  root: string = ROOT,
): Promise<WorkerInputs> {
  const workers = join(root, 'workers');
  const wanted = Object.entries(workerTarget(target).modules);
  const [text, cleanLayer, { bundles, packages }, binaries, modules] = await Promise.all([
    readFile(join(workers, 'Dockerfile'), 'utf8'),
    readFile(join(workers, 'clean-layer.sh'), 'utf8'),
    workerBuild(root),
    platformBinaries(root),
    Promise.all(
      wanted.map(([name, { folder, leaveOut }]) =>
        readLockedModules(name, join(workers, folder), leaveOut),
      ),
    ),
  ]);
  const scripts = { 'clean-layer': cleanLayer };
  const dockerfile = stagesFor(text, target);
  const contents = await imageContents(target, binaries, packages);
  const parts = { dockerfile, scripts, bundles, contents, binaries, modules };
  return { target, digest: digestOf(parts), ...parts };
}

function digestOf(parts: Omit<WorkerInputs, 'target' | 'digest'>): string {
  const hash = createHash('sha256');
  const add = (value: string | Uint8Array): unknown =>
    hash.update(`${value.length}\0`).update(value);
  for (const text of [PINNED_BASE, process.arch, PACKAGE_JSON, parts.dockerfile, parts.contents])
    add(text);
  for (const text of Object.values(parts.scripts)) add(text);
  for (const { name, integrity } of parts.binaries) [name, integrity].forEach(add);
  for (const { name, digest, leaveOut } of parts.modules)
    [name, digest, leaveOut.join(' ')].forEach(add);
  for (const { path, contents } of parts.bundles) [path, contents].forEach(add);
  return hash.digest('hex');
}
