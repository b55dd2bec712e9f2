import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import Docker from 'dockerode';
import { type Pack, pack } from 'tar-stream';
import { drain, imageId } from '../../../scripts/setup/engine-images.ts';
import { proxies } from '../../../scripts/setup/worker-image.ts';
import { testEngine } from '../engine.ts';
import { probeImage } from './probe-image.ts';

const buildTimeoutMs = 600_000;

const tools = (base: string): string => `FROM ${base}
RUN export DEBIAN_FRONTEND=noninteractive \\
 && apt-get update -qq \\
 && apt-get install -qq -y --no-install-recommends cargo make >/dev/null \\
 && rm -rf /var/lib/apt/lists/*
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
`;

/** What is ours in it is that of the worker image of today; the rest is the same as long as its Dockerfile is. */
const current = (base: string, probe: string): string => `FROM ${probe} AS probe
FROM ${base}
COPY --from=probe /usr/local/bin/node /usr/local/bin/biome /usr/local/bin/
COPY --from=probe /opt/sallyport /opt/sallyport
`;

/**
 * The probe image with Debian's cargo, gcc and make and the npm that runs here; its id. What has to be
 * downloaded is built once for each state of the Dockerfiles, and is in the engine from then on.
 */
export async function toolsImage(): Promise<string> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const probe = await probeImage();
  const npm = npmFolder();
  const inputs = [
    tools(''),
    readFileSync('workers/Dockerfile'),
    readFileSync(`${npm}/package.json`),
  ];
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(input).update('\0');
  const base = `sallyport-tools:${hash.digest('hex').slice(0, 16)}`;
  if ((await imageId(docker, base)) === undefined) {
    const context = pack();
    context.entry({ name: 'Dockerfile' }, tools(probe));
    addFolder(context, npm, 'npm');
    await build(docker, base, context);
  }
  const context = pack();
  context.entry({ name: 'Dockerfile' }, current(base, probe));
  return build(
    docker,
    `sallyport-tools-probe:${probe.replace('sha256:', '').slice(0, 12)}`,
    context,
  );
}

async function build(docker: Docker, tag: string, context: Pack): Promise<string> {
  context.finalize();
  const options = {
    t: tag,
    networkmode: 'host',
    buildargs: proxies(process.env),
    version: '1',
  } as const;
  const progress = await docker.buildImage(context as unknown as NodeJS.ReadableStream, options);
  await drain(progress, buildTimeoutMs);
  return (await docker.getImage(tag).inspect()).Id;
}

/** Where the npm on PATH lives. @throws when there is none: this project is run by npm alone */
function npmFolder(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const place = statSync(join(folder, 'npm'), { throwIfNoEntry: false });
    if (place !== undefined) return dirname(dirname(realpathSync(join(folder, 'npm'))));
  }
  throw new Error('npm is not on PATH');
}

function addFolder(context: Pack, from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    const name = join(to, place.slice(from.length));
    context.entry({ name, mode: statSync(place).mode & 0o777 }, readFileSync(place));
  }
}
