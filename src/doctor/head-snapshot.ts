import { Readable } from 'node:stream';
import { CommitSha, digestOf } from '../domain/ids.ts';
import { RepoPath } from '../domain/repo-path.ts';
import type { SourceSnapshot } from '../ports/source.ts';

/** A head tree that a case wrote down, as the control plane compares results with it. No git is run. */
export function headSnapshot(head: Readonly<Record<string, string>>): SourceSnapshot {
  const files = new Map(Object.entries(head));
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const readHead: SourceSnapshot['readHead'] = async (path) => {
    const text = files.get(path);
    return text === undefined ? undefined : { bytes: Buffer.from(text), executable: false };
  };
  const noCommit = CommitSha.parse('0'.repeat(40));
  return {
    headSha: noCommit,
    baseSha: noCommit,
    mergeBaseSha: noCommit,
    headTime: 0,
    files: [...files.keys()].map((path) => RepoPath.parse(path)),
    changedFiles: [...files.keys()].map((path) => ({
      path: RepoPath.parse(path),
      previousPath: null,
      status: 'added',
      kind: 'text',
      addedLines: [[1, 1]],
    })),
    diff: Buffer.alloc(0),
    omitted: [],
    isSteerable: false,
    replaced: [],
    readHead,
    readGiven: readHead,
    readBase: async () => undefined,
    kindInHead: (path) => (files.has(path) ? 'file' : folders.has(path) ? 'folder' : undefined),
    bundle: () => ({ digest: digestOf(Buffer.alloc(0)), stream: () => Readable.from([]) }),
  };
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
