import { join } from 'node:path';
import Docker from 'dockerode';
import { build } from 'esbuild';
import { pack } from 'tar-stream';
import { drain } from '../../scripts/setup/engine-images.ts';
import { ROOT } from '../../scripts/setup/root.ts';

const buildTimeoutMs = 120_000;

/**
 * Stands in for strace: drops to the user, executes the command, and writes the two lines that the
 * supervisor needs to know that it began and how it ended. Nothing stops a process, nothing else is told.
 */
const unrecordingStrace = `#!/bin/sh
for option; do case $option in --output=*) pipe=\${option#--output=};; esac; done
while [ "$1" != -u ]; do shift; done
user=$2
shift 3
# A shell gives what it runs in the background no stdin; the launcher waits for its order there.
exec 3>"$pipe" 4<&0
setpriv --reuid="$user" --regid="$user" --init-groups -- "$@" 3>&- <&4 4<&- &
pid=$!
echo "$pid $(date +%s.%6N) execve(\\"$1\\", [\\"$1\\", \\"$2\\"], 0x0 /* 0 vars */) = 0" >&3
code=0
wait "$pid" || code=$?
echo "$pid $(date +%s.%6N) +++ exited with $code +++" >&3
exit "$code"
`;

/** The two images that sandboxes of the benchmark run, by id. */
export interface BenchImages {
  /** The worker image with the agent `bench` beside the shipped ones. */
  readonly recording: string;
  /** The same without a record of processes: strace is the one file that differs. */
  readonly unrecording: string;
}

/** Builds both on top of the worker image; layers that are there already are taken. */
export async function benchImages(socketPath: string, workerImage: string): Promise<BenchImages> {
  const docker = new Docker({ socketPath });
  const agent = await agentBundle();
  const recording = await buildImage(docker, 'agent', {
    from: workerImage,
    file: { name: 'bench.js', place: '/opt/sallyport/agents/bench.js', contents: agent },
  });
  const unrecording = await buildImage(docker, 'agent-unrecorded', {
    from: recording,
    file: { name: 'strace', place: '/usr/bin/strace', contents: unrecordingStrace },
  });
  return { recording, unrecording };
}

interface Layer {
  readonly from: string;
  readonly file: { readonly name: string; readonly place: string; readonly contents: string };
}

async function buildImage(docker: Docker, tag: string, { from, file }: Layer): Promise<string> {
  const t = `sallyport-bench:${tag}`;
  const context = pack();
  const mtime = new Date(0);
  const { name, place, contents } = file;
  context.entry({ name: 'Dockerfile', mtime }, `FROM ${from}\nCOPY ${name} ${place}\n`);
  context.entry({ name, mtime, mode: 0o755 }, contents);
  context.finalize();
  const progress = await docker.buildImage(context as unknown as NodeJS.ReadableStream, { t });
  await drain(progress, buildTimeoutMs);
  return (await docker.getImage(t).inspect()).Id;
}

async function agentBundle(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    entryPoints: [join('bench', 'sandbox', 'agent', 'main.ts')],
    format: 'esm',
    logLevel: 'silent',
    platform: 'node',
    target: 'node24',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
