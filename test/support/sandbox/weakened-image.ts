import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { workerBundles } from '../../../scripts/setup/worker-bundle.ts';
import { testEngine } from '../engine.ts';

/** Text, or a global expression, and what stands in its place. */
export type Replacement = readonly [find: string | RegExp, replacement: string];

/** How an image differs from the shipped one. */
export interface ImageWeakness {
  /** Text of the supervisor's bundle → what stands there instead, everywhere. */
  readonly supervisor?: readonly Replacement[];
  /** Lines of a Dockerfile. */
  readonly lines?: readonly string[];
}

/**
 * The worker image with a defence taken out of its supervisor or its files; its id.
 * @throws when the supervisor does not have the text: a mutation that changes nothing proves nothing
 */
export async function weakenedImage(name: string, weakness: ImageWeakness): Promise<string> {
  const { socketPath, workerImage } = testEngine();
  const docker = new Docker({ socketPath });
  const context = pack();
  const copies = weakness.supervisor === undefined ? [] : ['COPY supervisor.js /opt/sallyport/'];
  const dockerfile = [`FROM ${workerImage}`, ...copies, ...(weakness.lines ?? [])].join('\n');
  context.entry({ name: 'Dockerfile' }, `${dockerfile}\n`);
  if (weakness.supervisor !== undefined)
    context.entry({ name: 'supervisor.js' }, await supervisorWith(weakness.supervisor));
  context.finalize();
  const tag = `sallyport-weakened:${name}`;
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

async function supervisorWith(replacements: readonly Replacement[]): Promise<string> {
  const bundle = (await workerBundles()).find(({ path }) => path === 'supervisor.js');
  let text = Buffer.from(bundle?.contents ?? []).toString('utf8');
  for (const [find, replacement] of replacements) {
    const changed = text.replaceAll(find, replacement);
    if (changed === text) throw new Error(`the supervisor does not have ${String(find)}`);
    text = changed;
  }
  return text;
}
