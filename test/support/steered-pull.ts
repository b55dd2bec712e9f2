import type { SourceSnapshot } from '../../src/ports/source.ts';
import { openPull, unpackBundle } from './pull-snapshot.ts';
import type { TestFile } from './repositories.ts';

/** A symbolic link. */
export const link = (path: string, target: string): TestFile => ({
  path,
  content: target,
  mode: '120000',
});
/** A file; it says its path where a test does not care. */
export const file = (path: string, content = `${path}\n`): TestFile => ({ path, content });

/** What an agent's workspace has, by path, and what is told of it; `->` before a link's target. */
export async function given(base: readonly TestFile[], head: readonly TestFile[], limits = {}) {
  await using pull = await openPull(base, head);
  return await givenBy(await pull.snapshot({ isSteerable: true, ...limits }));
}

async function givenBy(snapshot: SourceSnapshot) {
  const entries = (await unpackBundle(snapshot)).filter(({ name }) => name.startsWith('head/'));
  const files = entries.map(({ name, type, linkname, body }) => [
    name.slice('head/'.length),
    type === 'symlink' ? `-> ${linkname}` : body,
  ]);
  return {
    files: Object.fromEntries(files) as Record<string, string>,
    replaced: snapshot.replaced.map(({ path, what }) => `${path}: ${what}`),
    omitted: snapshot.omitted,
  };
}
