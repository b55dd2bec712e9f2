import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tokenPermissions } from '../../../src/adapters/octokit/token-permissions.ts';

const source = join(import.meta.dirname, '../../../src');

it('write access to contents is asked for where a commit, a branch or a resolved thread needs it, and nowhere else', () => {
  const writing = Object.entries(tokenPermissions).flatMap(([name, wanted]) =>
    'contents' in wanted && wanted.contents === 'write' ? [name] : [],
  );
  const uses = globSync('**/*.ts', { cwd: source }).flatMap((file) =>
    readFileSync(join(source, file), 'utf8')
      .matchAll(/tokenPermissions\.(\w+)/g)
      .flatMap(([, name = '']) => (writing.includes(name) ? [`${file} ${name}`] : []))
      .toArray(),
  );
  expect(uses.toSorted()).toEqual([
    'adapters/octokit/octokit-commits.ts writeContents',
    'adapters/octokit/octokit-issues.ts writeContents',
    'adapters/octokit/octokit-review-threads.ts resolveThreads',
    'adapters/octokit/octokit-review-threads.ts resolveThreads',
  ]);
});
