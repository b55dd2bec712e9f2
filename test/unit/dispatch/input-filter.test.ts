import { describe, expect, it } from 'vitest';
import { inputFilter, shownFiles } from '../../../src/dispatch/input-filter.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import type { ChangedFile } from '../../../src/protocol/task-input.ts';
import { countTurns } from '../../support/count-turns.ts';
import { repoPath } from '../../support/pull-snapshot.ts';
import { samplePolicy } from '../../support/report/samples.ts';
import { slowGlobs, slowPath } from '../../support/slow-globs.ts';

function rules(exclude: readonly string[]): EffectiveTask {
  const { fix } = samplePolicy().tasks;
  return { ...(fix as EffectiveTask), inputs: { include: [], exclude: [...exclude] } };
}

function file(path: string, previousPath: string | null): ChangedFile {
  const status = previousPath === null ? 'modified' : 'renamed';
  const previous = previousPath === null ? null : repoPath(previousPath);
  return { path: repoPath(path), previousPath: previous, status, kind: 'text', addedLines: [] };
}

describe('which files go in', () => {
  it('is not asked where the policy keeps nothing back', async () => {
    expect(inputFilter(rules([]))).toBeUndefined();
  });

  it('leaves out a file of which it takes too long to tell', async () => {
    const filter = inputFilter(rules(slowGlobs));
    expect(await filter?.isInput('src/a')).toBe(true);
    expect(await filter?.isInput(slowPath)).toBe(false);
  });

  it('lets others have their turn while a large tree is looked through', async () => {
    const filter = inputFilter(rules(Array.from({ length: 200 }, (_, index) => `**/${index}.key`)));
    const turns = countTurns();
    for (let index = 0; index < 10_000; index += 1) await filter?.isInput(`src/${index}.ts`);
    expect(turns.stop()).toBeGreaterThanOrEqual(8);
  });

  it('shows a rename of which one name goes in as a file that comes or goes', async () => {
    const filter = inputFilter(rules(['secret/**']));
    const binary = { ...file('d', 'secret/d'), kind: 'binary' as const };
    const files = [
      file('a', null),
      file('b', 'secret/b'),
      file('secret/c', 'c'),
      binary,
      file('secret/e', 'secret/f'),
      file('g', 'h'),
    ];
    const whole = [[1, Number.MAX_SAFE_INTEGER]];
    expect(await shownFiles(filter, files)).toEqual([
      file('a', null),
      { ...file('b', null), status: 'added', addedLines: whole },
      { ...file('c', null), status: 'deleted' },
      { ...file('d', null), status: 'added', kind: 'binary' },
      file('g', 'h'),
    ]);
    expect(await shownFiles(undefined, files)).toEqual(files);
  });
});
