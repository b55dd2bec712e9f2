import { join } from 'node:path';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import type { Limits } from '../../src/domain/limits.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import { createRepository, runGit, type TestFile } from '../../test/support/repositories.ts';

/** A pull request of one line in a repository of these files, read through a mirror like a task's. */
export async function snapshotOf(
  folder: string,
  files: readonly TestFile[],
  limits: Limits,
): Promise<SourceSnapshot> {
  const repository = await createRepository(join(folder, 'repository'));
  const change = { path: 'change.txt', content: 'one line\n' };
  const baseSha = await repository.commit(files);
  const headSha = await repository.commit([...files, change], { parents: [baseSha] });
  for (const [name, sha] of Object.entries({ main: baseSha, head: headSha }))
    await repository.git(['update-ref', `refs/heads/${name}`, sha]);
  const source = new GitSource({ mirrorsDir: join(folder, 'mirrors') });
  const location = { mirrorKey: 'bench', url: repository.path, token: null };
  const signal = new AbortController().signal;
  return source.snapshot(location, { headSha, baseSha }, limits, signal);
}

/** As small as input gets: what a start costs and not what it carries. */
export function smallSnapshot(folder: string, limits: Limits): Promise<SourceSnapshot> {
  const files = [{ path: 'README.md', content: '# Bench\n' }];
  return snapshotOf(join(folder, 'small'), files, limits);
}

/** The head of a snapshot's repository as files in `tree`, for who carries it another way. */
export async function checkOut(folder: string, headSha: string): Promise<string> {
  const tree = join(folder, 'tree');
  const gitDir = join(folder, 'repository', '.git');
  await runGit([`--git-dir=${gitDir}`, 'worktree', 'add', '--quiet', '--detach', tree, headSha]);
  return tree;
}

/** `count` files of `bytes` bytes in 100 folders: words in an order that is the same each time. */
export function wordFiles(count: number, bytes: number): TestFile[] {
  let state = 1;
  // Numerical Recipes' generator. No two files are alike, and all of them compress as source code does.
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
  const vocabulary = Array.from({ length: 500 }, () => next().toString(36) + next().toString(36));
  const content = (): string => {
    const words: string[] = [];
    for (let length = 0; length < bytes; ) {
      const word = `${vocabulary[next() % vocabulary.length]}${next() % 8 === 0 ? '\n' : ' '}`;
      words.push(word);
      length += word.length;
    }
    return words.join('').slice(0, bytes);
  };
  return Array.from({ length: count }, (_, index) => ({
    path: `src/d${index % 100}/f${index}.txt`,
    content: content(),
  }));
}
