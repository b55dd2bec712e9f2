import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { applySuggestions } from '../../../src/report/apply-suggestions.ts';
import { parseHunks } from '../../../src/report/diff-hunks.ts';
import { deriveSuggestions } from '../../../src/report/suggestions.ts';
import { cutLines } from '../../../src/report/text-lines.ts';
import { GitDiff } from '../../support/suggestions/git-diff.ts';

const git = new GitDiff();
afterAll(() => git[Symbol.dispose]());
const bytes = (text: string) => new TextEncoder().encode(text);

const line = fc.constantFrom('a', 'b', 'c', '', '-- x', '++ b/y', '@@ -1 +1 @@', '`', '\tz');
const file = fc.array(line, { minLength: 20, maxLength: 40, size: 'max' });
const changes = fc.array(fc.tuple(fc.nat(40), fc.nat(2), fc.array(line, { maxLength: 2 })), {
  minLength: 1,
  maxLength: 3,
});

function changed(lines: readonly string[], edits: readonly [number, number, string[]][]): string[] {
  return edits.reduce((now, [at, count, added]) => now.toSpliced(at, count, ...added), [...lines]);
}

const textOf = (lines: readonly string[]) => lines.map((content) => `${content}\n`).join('');

/** The diff of two files by git, and the lines that it shows of the new one by line number. */
function diffByGit(before: string, after: string) {
  const printed = git.of({ path: 'after', basePath: 'after', base: before, head: after });
  return { hunks: parseHunks(printed).get('after') ?? [], text: printed.toString('utf8') };
}

test('each hunk covers exactly the lines of the head file that git shows in it', () => {
  fc.assert(
    fc.property(file, changes, (base, edits) => {
      const head = textOf(changed(base, edits));
      const { hunks, text } = diffByGit(textOf(base), head);
      const shown = cutLines(text)
        .slice(4)
        .filter((one) => /^[ +]/.test(one))
        .map((one) => one.slice(1));
      const covered = hunks.flatMap(({ newStart, newLines }) =>
        newLines === 0 ? [] : cutLines(head).slice(newStart - 1, newStart - 1 + newLines),
      );
      expect(covered).toEqual(shown);
    }),
    { numRuns: 80 },
  );
});

test("a worker's change inside the diff of a pull request is reproduced by its suggestions", () => {
  let whole = 0;
  fc.assert(
    fc.property(file, changes, changes, (...[base, toHead, byWorker]) => {
      const head = textOf(changed(base, toHead));
      const after = textOf(
        changed(
          cutLines(head).map((one) => one.slice(0, -1)),
          byWorker,
        ),
      );
      const { hunks } = diffByGit(textOf(base), head);
      const worker = { path: 'after', before: bytes(head), after: bytes(after), hunks };
      const { suggestions, leftover } = deriveSuggestions(worker);
      expect(leftover.every((edit) => edit.reason === 'outside-diff')).toBe(true);
      if (leftover.length > 0) return;
      whole += suggestions.length;
      expect(applySuggestions(head, suggestions)).toBe(after);
    }),
    { numRuns: 80 },
  );
  expect(whole).toBeGreaterThan(5);
});
