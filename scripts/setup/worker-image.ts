import Docker from 'dockerode';
import { announce } from './announce.ts';
import { ensureBaseImage } from './base-image.ts';
import { contextTar } from './context-tar.ts';
import { drain, imageId, isStatus } from './engine-images.ts';
import { type WorkerInputs, workerInputs } from './worker-context.ts';
import { type TargetName, targetNames } from './worker-targets.ts';

/** A worker image in an engine. */
export type WorkerImage = {
  /** `sallyport-worker:<hash of all that this tree puts in>`: of Debian's packages it has the names alone. */
  readonly ref: string;
  /** `sha256:…`, the engine's own name for it. */
  readonly id: string;
};

const REPOSITORY = 'sallyport-worker';

/**
 * Where the control plane looks for an agent's image by default: the agent's name is the tag. `latest` is
 * what it starts for the agents that need nothing more than it has; `dev` is for trying things out by hand.
 */
const movingTags = (target: TargetName): readonly string[] =>
  target === 'linters' ? [target, 'latest', 'dev'] : [target];

const ALL_MOVING_TAGS = targetNames.flatMap(movingTags);

/** The label that holds the digest of the inputs. */
const INPUTS_LABEL = 'io.sallyport.inputs';

/** Downloads 60 packages on a first build, and compilers and an agent's program for the larger ones. */
const BUILD_TIMEOUT_MS = 1_200_000;

/** Younger tags stay: another clone on this machine may be in the middle of a run with one. */
const KEEP_TAGS_MS = 24 * 60 * 60 * 1_000;

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy'];

/**
 * The worker image of this working tree for an agent, built only when one of its inputs has changed.
 *
 * @throws Error with the end of the build's output.
 */
export async function ensureWorkerImage(
  engine: { readonly socketPath: string },
  target: TargetName = 'linters',
): Promise<WorkerImage> {
  const docker = new Docker({ socketPath: engine.socketPath });
  const inputs = await workerInputs(target);
  const ref = `${REPOSITORY}:${inputs.digest.slice(0, 16)}`;
  const known = await imageId(docker, ref);
  const id = known ?? (await buildWorkerImage(docker, inputs, { ref }));
  if (known === undefined) await removeOldTags(docker, ref);
  for (const tag of movingTags(target)) await docker.getImage(id).tag({ repo: REPOSITORY, tag });
  return { ref, id };
}

/**
 * Builds an image whether there is one or not, from layers that are there unless `noCache`; its id.
 *
 * @throws Error with the end of the build's output.
 */
export async function buildWorkerImage(
  docker: Docker,
  inputs: WorkerInputs,
  { ref, noCache = false }: { readonly ref: string; readonly noCache?: boolean },
): Promise<string> {
  const base = await ensureBaseImage(docker);
  announce(`building the worker image ${ref} (${inputs.target})`);
  const progress = await docker.buildImage(await contextTar(inputs), {
    t: ref,
    nocache: noCache,
    labels: { [INPUTS_LABEL]: inputs.digest },
    buildargs: { BASE: base, ...proxies(process.env) },
    // The build downloads Debian packages; the engine may have no network of its own.
    networkmode: 'host',
    rm: true,
    forcerm: true,
    // The classic builder: there from API 1.41 on, and without a client-side session.
    version: '1',
  });
  await drain(progress, BUILD_TIMEOUT_MS);
  const id = await imageId(docker, ref);
  if (id === undefined) throw new Error(`the engine built ${ref} but does not have it`);
  return id;
}

/** Predefined build arguments for a build that downloads: they reach `apt-get` and leave no trace in the image. */
export function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = PROXY_VARIABLES.flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

async function removeOldTags(docker: Docker, current: string): Promise<void> {
  const kept = [current, ...ALL_MOVING_TAGS.map((tag) => `${REPOSITORY}:${tag}`)];
  const images = await docker.listImages({ filters: { label: [INPUTS_LABEL] } });
  const old = images
    .filter(({ Created }) => Date.now() - Created * 1_000 > KEEP_TAGS_MS)
    .flatMap(({ RepoTags }) => (RepoTags as string[] | null) ?? [])
    .filter((tag) => tag.startsWith(`${REPOSITORY}:`) && !kept.includes(tag));
  for (const tag of old) await removeTag(docker, tag);
}

async function removeTag(docker: Docker, tag: string): Promise<void> {
  try {
    await docker.getImage(tag).remove();
  } catch (error) {
    // Gone already, or a container uses it: both leave nothing to do.
    if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
  }
}
