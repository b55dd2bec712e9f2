import { expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { ResultManifest } from '../../../src/protocol/result.ts';

it('holds no more of the pristine tree than its share, however many files a sandbox names', async () => {
  const blob = Buffer.alloc(30 * 1024 * 1024, 10);
  const read: string[] = [];
  const snapshot = {
    omitted: [],
    replaced: [],
    changedFiles: [],
    kindInHead: (path: string) => (path === 'd' ? ('folder' as const) : ('file' as const)),
    readHead: async (path: string) => {
      read.push(path);
      return { bytes: blob, executable: false };
    },
  };
  const deletions = ['a', 'b', 'c', 'e'].map((path) => RepoPath.parse(path));
  const manifest: ResultManifest = {
    protocol: 2,
    agent: { exitCode: 0, signal: null, timedOut: false },
    report: { findings: [], tools: [], toolErrors: [] },
    reportError: null,
    changes: deletions.map((path) => ({ kind: 'delete', path })),
  };
  const checked = await checkResult(snapshot as never, { manifest, files: new Map() });
  expect(checked.files.map(({ path }) => path)).toEqual(['a', 'b']);
  expect(checked.refused).toEqual([
    { path: 'c', reason: 'too-large' },
    { path: 'e', reason: 'too-large' },
  ]);
  expect(read).toEqual(['a', 'b', 'c']);
});
