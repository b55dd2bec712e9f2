import { beforeEach, describe, expect, it } from 'vitest';
import { readHeadTree } from '../../../src/adapters/git/head-tree.ts';
import { steerTree } from '../../../src/adapters/git/steered-tree.ts';
import type { TreeEntry } from '../../../src/adapters/git/tree-listing.ts';
import { pathsOf, TreeView } from '../../../src/adapters/git/tree-view.ts';
import { countTurns } from '../../support/count-turns.ts';

const limits = { inputFileBytes: 1_000_000, workspaceBytes: 1_000_000_000, isSteerable: true };

const blobs = new Map<string, Buffer>();
const ids = new Map<string, string>();
let reads = 0;
const readBlob = async (sha: string): Promise<Buffer> => {
  reads += 1;
  return blobs.get(sha) ?? Buffer.alloc(0);
};
beforeEach(() => {
  reads = 0;
});

function entry(kind: TreeEntry['kind'], path: string, text: string): TreeEntry {
  const sha = ids.get(text) ?? ids.size.toString(16).padStart(40, '0');
  ids.set(text, sha);
  blobs.set(sha, Buffer.from(text));
  return { kind, sha, bytes: text.length, pathBytes: Buffer.from(path) };
}

/** A base with a CLAUDE.md, in whose place the head has a link to a folder with these links. */
async function steered(links: readonly TreeEntry[]) {
  const head = [entry('symlink', 'CLAUDE.md', 'd'), entry('file', 'd/e/f', 'x'), ...links];
  const tree = await readHeadTree(head, limits, readBlob);
  reads = 0;
  const base = new TreeView(pathsOf([entry('file', 'CLAUDE.md', 'good\n')]), readBlob);
  return steerTree({ head: tree, base, limits, readBlob });
}

/** Links of 4,095 characters that lead through each other up to Linux's own ceiling. */
function maze(count: number): readonly TreeEntry[] {
  const loop = `${'e/../'.repeat(815)}loop`;
  const names = Array.from({ length: count }, (_, at) => `d/l${at}`);
  return ['d/loop', ...names].map((path) => entry('symlink', path, loop));
}

describe('links of a head that lead on and on', () => {
  it('are refused before they cost much, and let others have their turn', async () => {
    const turns = countTurns();
    await expect(steered(maze(10_000))).rejects.toMatchObject({ code: 'input.too-large' });
    expect(turns.stop()).toBeGreaterThanOrEqual(8);
    expect(reads).toBeLessThan(10);
  });

  it('are read once where many are the same', async () => {
    const many = Array.from({ length: 2_000 }, (_, at) => entry('symlink', `d/l${at}`, '../d/e/f'));
    const { entries, replaced } = await steered(many);
    expect(replaced).toEqual([{ path: 'CLAUDE.md', what: 'base' }]);
    expect(entries.find(({ path }) => path === 'CLAUDE.md')?.kind).toBe('file');
    expect(reads).toBeLessThan(10);
  });
});
