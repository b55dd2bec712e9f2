import { SallyportError } from '../../errors.ts';

/** One entry of a recursive tree listing, folders not included. */
export interface TreeEntry {
  readonly pathBytes: Buffer;
  readonly kind: 'file' | 'executable' | 'symlink' | 'submodule';
  /** Id of the blob, or of the submodule's commit. */
  readonly sha: string;
  /** Size of the blob, bytes; 0 for a submodule. */
  readonly bytes: number;
}

/** What a mode of a tree entry means. Old modes such as 100664 are regular files, as git treats them. */
export function kindOfMode(mode: string): TreeEntry['kind'] {
  const bits = Number.parseInt(mode, 8);
  const type = bits & 0o170000;
  if (type === 0o120000) return 'symlink';
  if (type === 0o160000) return 'submodule';
  if (type !== 0o100000) throw malformed();
  return (bits & 0o100) === 0 ? 'file' : 'executable';
}

/**
 * Reads `git ls-tree -r -z -l --full-tree`: `mode type id size TAB path NUL`, sorted by path bytes.
 * @throws SallyportError `git.failed` for output of another form or a path that is there twice
 */
export function parseTreeListing(listing: Buffer): TreeEntry[] {
  const entries = recordsOf(listing)
    .map(parseEntry)
    .sort((a, b) => Buffer.compare(a.pathBytes, b.pathBytes));
  const isRepeated = (entry: TreeEntry, index: number): boolean =>
    index > 0 && entries[index - 1]?.pathBytes.equals(entry.pathBytes) === true;
  // fsck refuses such trees; a second look costs little and a shadowed file would escape review.
  if (entries.some(isRepeated)) throw malformed();
  return entries;
}

/** Splits NUL-terminated output. @throws SallyportError `git.failed` when the last NUL is missing */
export function recordsOf(output: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  while (start < output.length) {
    const end = output.indexOf(0, start);
    if (end === -1) throw malformed();
    records.push(output.subarray(start, end));
    start = end + 1;
  }
  return records;
}

const metaPattern = /^([0-7]{6}) (blob|commit) ([0-9a-f]{40}) +(\d+|-)$/;

function parseEntry(record: Buffer): TreeEntry {
  const tab = record.indexOf(0x09);
  const meta = metaPattern.exec(record.toString('latin1', 0, Math.max(tab, 0)));
  if (meta === null) throw malformed();
  const [, mode = '', , sha = '', size = ''] = meta;
  const bytes = size === '-' ? 0 : Number(size);
  return { pathBytes: record.subarray(tab + 1), kind: kindOfMode(mode), sha, bytes };
}

function malformed(): SallyportError {
  return new SallyportError('git.failed', 'git described a tree in a form that is not known');
}
