import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';

/** The files of an image as a container of it would have them. */
export interface ImageTree {
  /** One line an entry: type, mode, owner, path, and the SHA-256 of its content or where it points. No times. */
  readonly lines: readonly string[];
  /** The content of the files that were asked for, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the whole file tree of an image. `keep` says which files' content is wanted as text. */
export async function imageTree(
  docker: Docker,
  image: string,
  keep: (path: string) => boolean = () => false,
): Promise<ImageTree> {
  const container = await docker.createContainer({ Image: image, NetworkDisabled: true });
  try {
    const tar = (await container.export()) as Readable;
    return await treeOf(tar, keep);
  } finally {
    await container.remove();
  }
}

async function treeOf(tar: Readable, keep: (path: string) => boolean): Promise<ImageTree> {
  const lines: string[] = [];
  const texts = new Map<string, string>();
  for await (const entry of tar.pipe(extract())) {
    const { name, type, mode, uid, gid, linkname } = entry.header;
    const path = `/${name.replace(/\/$/, '')}`;
    const hash = createHash('sha256');
    const kept: Buffer[] = [];
    for await (const piece of entry as AsyncIterable<Buffer>) {
      hash.update(piece);
      if (keep(path)) kept.push(piece);
    }
    if (keep(path)) texts.set(path, Buffer.concat(kept).toString('utf8'));
    const content = type === 'file' ? hash.digest('hex') : (linkname ?? '');
    lines.push(`${type} ${mode.toString(8)} ${uid}:${gid} ${path} ${content}`);
  }
  return { lines: lines.sort(), texts };
}
