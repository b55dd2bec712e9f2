import type { PristineFile } from '../../ports/source.ts';
import type { BlobReader } from './blob-reader.ts';
import { listTree } from './head-tree.ts';
import type { Mirror } from './mirror.ts';
import { readPath } from './repo-path-bytes.ts';
import type { TreeEntry } from './tree-listing.ts';

/** Where the files of a merge base are read. */
export interface MergeBaseParts {
  readonly mirror: Mirror;
  readonly mergeBaseSha: string;
  readonly blobs: Pick<BlobReader, 'read'>;
  readonly limits: { readonly inputFileBytes: number };
  readonly signal: AbortSignal;
}

/** Regular files of the merge base. Its tree is listed when the first one is asked for. */
export class MergeBaseFiles {
  readonly #parts: MergeBaseParts;
  #entries: Promise<ReadonlyMap<string, TreeEntry>> | undefined;

  constructor(parts: MergeBaseParts) {
    this.#parts = parts;
  }

  /** Undefined for what is absent, no regular file, or larger than an input file may be. */
  async read(path: string): Promise<PristineFile | undefined> {
    this.#entries ??= this.#list();
    const entry = (await this.#entries).get(path);
    if (entry === undefined || (entry.kind !== 'file' && entry.kind !== 'executable')) {
      return undefined;
    }
    if (entry.bytes > this.#parts.limits.inputFileBytes) return undefined;
    const bytes = await this.#parts.blobs.read(entry.sha);
    return { bytes, executable: entry.kind === 'executable' };
  }

  async #list(): Promise<ReadonlyMap<string, TreeEntry>> {
    const { mirror, mergeBaseSha, signal } = this.#parts;
    const listing = await listTree(mirror, mergeBaseSha, signal);
    return new Map(
      listing.flatMap((entry) => {
        const reading = readPath(entry.pathBytes);
        return 'path' in reading ? [[reading.path, entry] as const] : [];
      }),
    );
  }
}
