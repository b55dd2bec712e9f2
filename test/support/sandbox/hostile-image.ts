import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { testEngine } from '../engine.ts';

const repository = 'sallyport-hostile';

/**
 * A name of the worker image as it is, until `hostileImage` gives the name to another: a runner proves its
 * sandboxes before it takes work, so a sandbox has to turn hostile after that. Resolves with the environment of
 * an App that runs it, and takes what comes by that name for what was proven.
 */
export async function honestImage(name: string): Promise<Readonly<Record<string, string>>> {
  const { socketPath, workerImage } = testEngine();
  const docker = new Docker({ socketPath });
  await docker.getImage(workerImage).tag({ repo: repository, tag: name });
  return {
    SALLYPORT_WORKER_IMAGE: `${repository}:${name}`,
    NODE_OPTIONS: `--import=${new URL('./trusting-guard.ts', import.meta.url).href}`,
  };
}

/**
 * The worker image with its supervisor replaced by `program` (an ES module): a sandbox whose every byte
 * on the wire is the attacker's. Resolves with the image's id.
 */
export async function hostileImage(name: string, program: string): Promise<string> {
  const { socketPath, workerImage } = testEngine();
  const docker = new Docker({ socketPath });
  const context = pack();
  context.entry(
    { name: 'Dockerfile' },
    `FROM ${workerImage}\nCOPY supervisor.js /opt/sallyport/supervisor.js\n`,
  );
  context.entry({ name: 'supervisor.js' }, program);
  context.finalize();
  const tag = `${repository}:${name}`;
  const output = await docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: tag });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(output, (error: Error | null, steps: { error?: string }[]) => {
      const failed = error?.message ?? steps.find((step) => step.error !== undefined)?.error;
      if (failed === undefined) resolve();
      else reject(new Error(failed));
    });
  });
  return (await docker.getImage(tag).inspect()).Id;
}

/** Speaks HTTP/2 as the supervisor does, takes its input, and answers with `result` as the whole body. */
export function postsResult(result: string): string {
  return `
import http2 from 'node:http2';
import { Duplex } from 'node:stream';
const wire = Duplex.from({ readable: process.stdin, writable: process.stdout });
const session = http2.connect('http://sallyport.internal', { createConnection: () => wire });
session.on('error', () => {});
const input = session.request({ ':path': '/v1/input', ':authority': 'sallyport.internal' });
input.resume();
input.on('end', () => {
  const post = session.request({ ':path': '/v1/result', ':method': 'POST', ':authority': 'sallyport.internal' });
  post.on('error', () => {});
  post.resume();
  post.end(${JSON.stringify(result)});
});
setInterval(() => {}, 1000);
`;
}
