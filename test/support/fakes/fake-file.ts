import { createHash } from 'node:crypto';
import type { RepositoryFile } from '../../../src/ports/files.ts';

/** A file of this text as GitHub would give it; undefined for none. */
export function fileOf(text: string | undefined): RepositoryFile | undefined {
  if (text === undefined) return undefined;
  const blobSha = createHash('sha1').update(text).digest('hex');
  return { blobSha, content: Buffer.from(text) };
}
