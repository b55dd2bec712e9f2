import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import { MirrorLock } from '../../src/adapters/git/mirror-lock.ts';
import { systemClock } from '../../src/system-clock.ts';
import { neverAborted, openPull } from '../support/pull-snapshot.ts';
import { temporaryFolder } from '../support/repositories.ts';

/** Half a mirror that nobody asks for any more, as a killed runner leaves it. */
async function halfMirror(mirrorsDir: string): Promise<void> {
  await mkdir(join(mirrorsDir, 'gone.git.new', 'objects'), { recursive: true });
}

it('removes what killed fetches left of every mirror, and the mirror stays whole', async () => {
  await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
  const { mirrorsDir } = pull;
  await pull.snapshot();
  await halfMirror(mirrorsDir);
  const mirror = join(mirrorsDir, 'local-1.git');
  const leftovers = [join('objects', 'pack', 'tmp_pack_x1'), 'packed-refs.lock'];
  for (const name of leftovers) await writeFile(join(mirror, name), 'half');
  await writeFile(join(mirrorsDir, 'note.txt'), 'not of a mirror');
  await new GitSource({ mirrorsDir }).clearLeftovers();
  const files = await readdir(mirror, { recursive: true });
  expect(leftovers.filter((name) => files.includes(name))).toEqual([]);
  expect(await readdir(mirrorsDir)).not.toContain('gone.git.new');
  expect(await readdir(mirrorsDir)).toContain('note.txt');
  expect((await pull.snapshot()).changedFiles).toHaveLength(1);
});

it('leaves alone what another process is making', async () => {
  await using folder = await temporaryFolder();
  const mirrorsDir = folder.path;
  await halfMirror(mirrorsDir);
  const other = new MirrorLock(systemClock);
  await other.hold(join(mirrorsDir, 'gone.lock'), neverAborted, async () => {
    await new GitSource({ mirrorsDir }).clearLeftovers();
  });
  expect(await readdir(mirrorsDir)).toContain('gone.git.new');
});

it('does nothing where there are no mirrors yet', async () => {
  await using folder = await temporaryFolder();
  const mirrorsDir = join(folder.path, 'mirrors');
  await new GitSource({ mirrorsDir }).clearLeftovers();
  expect(await readdir(folder.path)).toEqual([]);
});
