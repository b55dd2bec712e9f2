import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { testEngine } from '../engine.ts';

/**
 * The agent `probe`: runs the program that a test sends as the task's instructions. It exists in no
 * image but this one.
 */
const probe = `
import childProcess from 'node:child_process';
import fs from 'node:fs';
const text = fs.readFileSync('/task/task.json', 'utf8');
const { instructions } = JSON.parse(text);
const say = (value) => fs.writeSync(1, JSON.stringify(value) + '\\n');
const attempt = (work) => { try { return work() ?? 'done'; } catch (error) { return error.code ?? error.message; } };
const python = (code) => childProcess.spawnSync('python3', ['-c', code], { encoding: 'utf8' });
Object.assign(globalThis, { attempt, childProcess, fs, python, say });
await import('data:text/javascript,' + encodeURIComponent(instructions));
`;

const dockerfile = (base: string): string =>
  `FROM ${base}\nCOPY probe.js /opt/sallyport/agents/probe.js\n`;

/** A program to put in the place of strace, by a name for the image that has it. */
export type OtherStrace = { readonly name: string; readonly script: string };

/** The worker image with `probe` on top, built once a test file; its id. */
export async function probeImage(strace?: OtherStrace): Promise<string> {
  const { socketPath, workerImage } = testEngine();
  const docker = new Docker({ socketPath });
  const context = pack();
  const replaced = strace === undefined ? '' : 'COPY strace /usr/bin/strace\n';
  context.entry({ name: 'Dockerfile' }, dockerfile(workerImage) + replaced);
  if (strace !== undefined) context.entry({ name: 'strace', mode: 0o755 }, strace.script);
  context.entry({ name: 'probe.js' }, probe);
  context.finalize();
  const base = workerImage.replace('sha256:', '').slice(0, 12);
  const tag = `sallyport-probe:${base}${strace === undefined ? '' : `-${strace.name}`}`;
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
