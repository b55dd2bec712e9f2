import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shownFiles } from '../../src/dispatch/input-filter.ts';
import { unpack } from '../../workers/supervisor/unpack.ts';
import { openPull, type TestPull, taskInputFor } from '../support/pull-snapshot.ts';
import type { TestFile } from '../support/repositories.ts';

const isInput = async (path: string): Promise<boolean> => !path.startsWith('vendor/');
const lines = (name: string): string =>
  Array.from({ length: 20 }, (_, index) => `${name} ${index}\n`).join('');
const of = (path: string, content: string): TestFile => ({ path, content });

/** What an agent gets that sees nothing in `vendor/`. */
async function given(pull: TestPull, told?: readonly string[]) {
  const snapshot = await pull.snapshot({ isInput });
  const shown = await shownFiles({ isInput }, snapshot.changedFiles);
  const changedFiles = shown.filter(({ path }) => told?.includes(path) ?? true);
  const input = { ...taskInputFor(snapshot), changedFiles };
  const [task, base, workspace, out] = await Promise.all(
    ['task', 'base', 'workspace', 'out'].map(async (name) => {
      const folder = join(pull.folder, 'given', name);
      await mkdir(folder, { recursive: true });
      return folder;
    }),
  );
  const places = { task: `${task}`, base: `${base}`, workspace: `${workspace}`, out: `${out}` };
  const { stream } = snapshot.bundle(input, { base: true });
  const agent = { take: () => undefined, giveBack: () => undefined };
  await unpack(stream(), { places, agent });
  const diff = await readFile(join(places.task, 'diff.patch'), 'utf8');
  return { shown, diff, base: await filesIn(places.base), head: await filesIn(places.workspace) };
}

async function filesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    files[place.slice(folder.length + 1)] = await readFile(place, 'utf8');
  }
  return files;
}

describe('a rename of which the agent may see one name alone', () => {
  it('into what it sees is a new file, whole in the diff and not in the base', async () => {
    await using pull = await openPull(
      [of('a', 'was\n'), of('vendor/lib.js', lines('lib'))],
      [of('a', 'is\n'), of('src/lib.js', `${lines('lib')}backdoor();\n`)],
    );
    const { shown, diff, base, head } = await given(pull);
    expect(shown.map(({ path, status }) => [path, status])).toEqual([
      ['a', 'modified'],
      ['src/lib.js', 'added'],
    ]);
    expect(base).toEqual({ a: 'was\n' });
    expect(head['src/lib.js']).toContain('backdoor();');
    expect(diff).toContain('+backdoor();');
    expect(diff).toContain('+lib 0\n');
    expect(diff).not.toContain('vendor');
  });

  it('out of what it sees is a file that is deleted', async () => {
    await using pull = await openPull(
      [of('guard.js', lines('guard')), of('one', lines('one')), of('vendor/x', 'x\n')],
      [
        of('vendor/guard.js', `${lines('guard')}more\n`),
        of('two', lines('one')),
        of('vendor/x', 'y\n'),
      ],
    );
    const { shown, diff, base, head } = await given(pull);
    expect(shown.map(({ path, status }) => [path, status])).toEqual([
      ['two', 'renamed'],
      ['guard.js', 'deleted'],
    ]);
    expect(base).toEqual({ 'guard.js': lines('guard'), one: lines('one') });
    expect(Object.keys(head)).toEqual(['two']);
    expect(diff).toContain('-guard 0\n');
    expect(diff).toContain('rename from one\n');
    expect(diff).not.toContain('vendor');
  });
});

describe('the base of a task that is not told of all that changed', () => {
  it('has no file of the head in the place of what was there', async () => {
    await using pull = await openPull(
      [of('x', 'a file\n'), of('same', 'same\n'), of('changed', 'was\n')],
      [of('x/y', 'below it\n'), of('same', 'same\n'), of('changed', 'is\n'), of('new', 'n\n')],
    );
    const { base, head } = await given(pull, []);
    expect(base).toEqual({ x: 'a file\n', same: 'same\n', changed: 'was\n' });
    expect(head).toEqual({ 'x/y': 'below it\n', same: 'same\n', changed: 'is\n', new: 'n\n' });
  });
});
