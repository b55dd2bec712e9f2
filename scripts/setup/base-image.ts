import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { announce } from './announce.ts';
import { drain, imageId, imageLabels } from './engine-images.ts';
import { runCommand } from './run-command.ts';
import { ensureSystemPackages } from './system-packages.ts';

const RELEASE = 'bookworm';

/**
 * Docker Hub's debian:bookworm-slim of spring 2026, a multi-platform index. Moves by hand: the
 * digest is an input of the worker image, so a new one rebuilds it.
 */
export const PINNED_BASE =
  'debian:bookworm-slim@sha256:96e378d7e6531ac9a15ad505478fcc2e69f371b10f5cdf87857c4b8188404716';

/** The same release when we made it ourselves; Docker Hub's own name, so that the Dockerfile's default fits. */
const LOCAL_BASE = `debian:${RELEASE}-slim`;

/** Marks a base image as one of ours, so that no registry is asked for it again. */
const MADE_HERE = 'io.sallyport.base';

/** A registry that is out of reach must not hold up the set-up. */
const REGISTRY_ANSWER_MS = 5_000;

/** For the whole download, once the registry has answered: some 30 MB. */
const PULL_MS = 180_000;

/**
 * The reference of a Debian base image that is in the engine: the pinned one, pulled if need be;
 * where no registry answers, one made from the Debian archive.
 *
 * @throws Error when the image can be had neither way.
 */
export async function ensureBaseImage(docker: Docker): Promise<string> {
  if (await imageId(docker, PINNED_BASE)) return PINNED_BASE;
  if ((await imageLabels(docker, LOCAL_BASE))[MADE_HERE] !== undefined) return LOCAL_BASE;
  if (await pullPinned(docker)) return PINNED_BASE;
  // Not ours and not pinned, but the right release, and better than nothing without a registry.
  if (await imageId(docker, LOCAL_BASE)) return LOCAL_BASE;
  await makeBase(docker);
  return LOCAL_BASE;
}

async function pullPinned(docker: Docker): Promise<boolean> {
  const abort = new AbortController();
  const noAnswer = setTimeout(() => abort.abort(), REGISTRY_ANSWER_MS);
  try {
    const progress = await docker.pull(PINNED_BASE, { abortSignal: abort.signal });
    clearTimeout(noAnswer);
    announce('pulling debian:bookworm-slim');
    await drain(progress, PULL_MS);
    return true;
  } catch (error) {
    if (isProgrammingError(error)) throw error;
    return false;
  } finally {
    clearTimeout(noAnswer);
  }
}

/** A registry fails in many ways (no name, no route, refused, 5xx, cut off); only our own bugs are not one. */
function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError;
}

async function makeBase(docker: Docker): Promise<void> {
  await ensureSystemPackages(['mmdebstrap']);
  announce('no image registry answers: making debian:bookworm-slim from the Debian archive (40 s)');
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-base-'));
  try {
    const tar = join(folder, 'base.tar');
    await runCommand('mmdebstrap', ['--variant=minbase', '--quiet', RELEASE, tar]);
    const progress = await docker.importImage(createReadStream(tar), {
      repo: LOCAL_BASE.split(':')[0],
      tag: LOCAL_BASE.split(':')[1],
      changes: `LABEL ${MADE_HERE}=mmdebstrap`,
    });
    await drain(progress, PULL_MS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (await imageId(docker, LOCAL_BASE)) return;
  throw new Error(`the engine took the import of ${LOCAL_BASE} but does not have it`);
}
