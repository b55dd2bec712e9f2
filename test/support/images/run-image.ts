import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** What a shell command printed on either stream, and how it ended. */
export interface Output {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a shell command in a container of an image: as the agent's user where no other is named, without a network. */
export async function outputOf(
  docker: Docker,
  image: string | { readonly id: string; readonly user: string },
  command: string,
): Promise<Output> {
  const { id, user } = typeof image === 'string' ? { id: image, user: '1000:1000' } : image;
  const container = await docker.createContainer({
    Image: id,
    Entrypoint: ['/bin/sh', '-c', command],
    User: user,
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    const printed = new PassThrough();
    docker.modem.demuxStream(stream, printed, printed);
    stream.once('end', () => printed.end());
    const output = text(printed);
    await container.start();
    const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
    return { exitCode, output: await output };
  } finally {
    await container.remove({ force: true });
  }
}
