import * as fc from 'fast-check';
import { type Hunk, parseHunks } from '../../../src/report/diff-hunks.ts';
import { onceIn, plainContent } from './generated-lines.ts';
import { fileText, mostLines, turn } from './generated-texts.ts';
import type { GitDiff } from './git-diff.ts';
import type { PlayedChange, ShownChange } from './played-change.ts';

/** Some hunks of a diff, never touching one another, as git makes them. */
const anyHunks = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((pairs) => {
    let next = 0;
    return pairs.map(([gap, newLines]): Hunk => {
      const newStart = next + gap;
      next = newStart + newLines;
      return { oldStart: newStart, oldLines: newLines, newStart, newLines };
    });
  });

const path = 'src/head file.txt';

/** Messages that would swallow a suggestion if they were Markdown. */
const messages = [
  '`x` is never read',
  '```\nopen',
  '~~~\nopen',
  '<!-- open',
  '<details>',
  '```suggestion\nother\n```',
  '@owner',
  '\u202e```',
  '    ```suggestion',
  '`',
  '\\',
] as const;
const message = fc.constantFrom(...messages);

/** How a change is met: by findings, and by the order in which people commit its suggestions. */
const around = {
  findings: onceIn(
    5,
    fc.array(fc.tuple(fc.integer({ min: 1, max: mostLines }), message), { maxLength: 6 }),
  ),
  dice: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 }),
};

/** A head file and a worker's file, with hunks that owe nothing to the file. */
const anyChange = fc
  .record({ head: fileText, fix: turn, hunks: anyHunks, ...around })
  .map(({ head, fix, hunks, findings, dice }): ShownChange => {
    const fixed = fix(head);
    return { path, basePath: path, base: head, head, fixed, hunks, findings: findings ?? [], dice };
  });

/** A change in a pull request whose diff git makes: now and then of a renamed or a new file. */
function changeByGit(git: GitDiff): fc.Arbitrary<ShownChange> {
  return fc
    .record({
      base: fileText,
      pull: turn,
      fix: turn,
      origin: fc.constantFrom('same', 'same', 'renamed', 'new'),
      ...around,
    })
    .map(({ base, pull, fix, origin, findings, dice }) => {
      const head = pull(base);
      const change = {
        path,
        basePath: origin === 'renamed' ? 'lib/base file.txt' : path,
        base: origin === 'new' ? null : base,
        head,
        fixed: fix(head),
      };
      return shownByGit(git, change, { findings: findings ?? [], dice });
    });
}

/** A pull request of 1,000 and more hunks; a worker changes, removes and adds lines in all or some of them. */
export function longChange(git: GitDiff): fc.Arbitrary<ShownChange> {
  return fc
    .record({
      hunks: fc.integer({ min: 1_000, max: 1_200 }),
      // Two changes stand in two hunks when there are more than six lines between them.
      gap: fc.integer({ min: 8, max: 9 }),
      contents: fc.array(plainContent, { minLength: 1, maxLength: 9 }),
      every: fc.integer({ min: 1, max: 3 }),
      dice: around.dice,
    })
    .map(({ hunks, gap, contents, every, dice }) => {
      const base = Array.from(
        { length: hunks * gap },
        (_, at) => `${contents[at % contents.length]} ${at}\n`,
      );
      const head = base.map((line, at) => (at % gap === 4 ? `new ${line}` : line));
      const fixed = head.map((line, at) => {
        const hunk = Math.floor(at / gap);
        if (at % gap !== 4 || hunk % every !== 0) return line;
        const fixes = ['', `fixed ${line}`, `${line}more ${at}\n`, `before ${at}\n${line}`];
        return fixes[hunk % fixes.length] ?? line;
      });
      const change = { path, basePath: path, base: base.join(''), head: head.join('') };
      return shownByGit(git, { ...change, fixed: fixed.join('') }, { findings: [], dice });
    });
}

/** The change with the hunks that git prints for it. */
export function shownByGit(
  git: GitDiff,
  change: PlayedChange,
  met: Pick<ShownChange, 'findings' | 'dice'>,
): ShownChange {
  const hunks = parseHunks(git.of(change)).get(change.path) ?? [];
  return { ...change, ...met, hunks };
}

/** Any of these: one in 20 by git, one in 2,000 of 1,000 hunks. */
export function changesWith(git: GitDiff): fc.Arbitrary<ShownChange> {
  return fc.oneof(
    { weight: 1_899, arbitrary: anyChange },
    { weight: 100, arbitrary: changeByGit(git) },
    { weight: 1, arbitrary: longChange(git) },
  );
}
