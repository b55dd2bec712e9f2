import { spawn } from 'node:child_process';
import type { Place } from './place.ts';

/** Runs a shell line in which `docker` is the engine's own client, talking to the same engine. */
export function dockerShell(place: Place, line: string): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', DOCKER_HOST: `unix://${place.socketPath}` };
  const child = spawn('/bin/sh', ['-ec', line], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`docker ended with ${code}: ${errors}`));
    });
  });
}

/** How long a container of the same image takes that only runs `true`, ms. */
export async function timeDockerRun(place: Place): Promise<number> {
  const { runtime, images } = place;
  const options = `--rm --network none --runtime ${runtime} --entrypoint /usr/bin/true`;
  const startedAt = performance.now();
  await dockerShell(place, `exec docker run ${options} ${images.recording}`);
  return performance.now() - startedAt;
}
