import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applySuggestions } from '../../../src/report/apply-suggestions.ts';
import { type Hunk, isInsideOne } from '../../../src/report/diff-hunks.ts';
import { renderSuggestion } from '../../../src/report/render-suggestion.ts';
import {
  type Derived,
  deriveSuggestions,
  type Suggestion,
} from '../../../src/report/suggestions.ts';
import { cutLines } from '../../../src/report/text-lines.ts';
import { readSuggestionBlock } from '../../support/markdown/suggestion-block.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const content = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', '', '}', '  x', '\tx', 'x  ') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('```', '````suggestion', '~~~', '``````', '<!--', '-->', '    ```'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('😀', '👩‍💻', 'é', 'e\u0301', '文件', '@owner', '/approve', '\\'),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[\n\r]/.test(text)),
  },
);
const rough = fc.constantFrom('a\rb', 'x\u202e', '\0', '\ufeff', 'y\u200b', '\u2028');
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

/** A file of lines; a few files hold CRs, hidden characters, a byte-order mark or no final newline. */
const file = fc
  .record({
    lines: fc.array(content, { minLength: 1, maxLength: 24, size: 'max' }),
    rough: rarely(fc.tuple(rough, fc.nat(24))),
    ending: rarely(fc.constant('\r\n')),
    isOpen: fc.boolean(),
    mark: rarely(fc.constant('\ufeff')),
  })
  .map((made) => {
    const lines = [...made.lines];
    if (made.rough !== null) lines.splice(made.rough[1], 0, made.rough[0]);
    const text = lines.map((line) => `${line}${made.ending ?? '\n'}`).join('');
    const whole = made.isOpen ? text.replace(/\r?\n$/, '') : text;
    return `${made.mark ?? ''}${whole}`;
  });

/** What a worker does to a file: removes, inserts and rewrites lines; now and then all of them. */
const edits = fc.array(fc.tuple(fc.nat(24), fc.nat(3), fc.array(content, { maxLength: 3 })), {
  maxLength: 5,
});

function edited(text: string, changes: readonly [number, number, string[]][]): string {
  const lines = cutLines(text);
  for (const [at, count, added] of changes)
    lines.splice(at, count, ...added.map((line) => `${line}\n`));
  return lines.join('');
}

/** Some hunks of a diff, never touching one another, as git makes them. */
const hunks = fc
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

const runs = { numRuns: 2_000 };

test('suggestions and leftovers together are exactly the change, and each stays inside one hunk', () => {
  fc.assert(
    fc.property(file, edits, hunks, (before, changes, where) => {
      const after = edited(before, changes);
      const derived = deriveSuggestions({
        path: 'f',
        before: bytes(before),
        after: bytes(after),
        hunks: where,
      });
      expect(composed(before, derived)).toBe(after);
      for (const one of derived.suggestions) {
        expect(isInsideOne(where, one.startLine, one.endLine)).toBe(true);
        expect(one.endLine).toBeLessThanOrEqual(cutLines(before).length);
      }
    }),
    runs,
  );
});

test('committing the posted comments in one batch, or one by one in any order, gives the same file', () => {
  let committed = 0;
  fc.assert(
    fc.property(
      file,
      edits,
      hunks,
      fc.array(fc.nat(), { minLength: 8 }),
      (...[before, changes, where, dice]) => {
        const comments = posted(before, edited(before, changes), where);
        committed += comments.length;
        const shuffled = comments
          .map((comment, at) => ({ comment, die: dice[at] ?? 0 }))
          .sort((a, b) => a.die - b.die)
          .map(({ comment }) => comment);
        expect(oneByOne(before, shuffled)).toBe(applySuggestions(before, comments));
      },
    ),
    runs,
  );
  // The generators must not drift into files that never carry a suggestion.
  expect(committed).toBeGreaterThan(runs.numRuns / 4);
});

test('deriving again after one commit still gives exactly the change that is left', () => {
  fc.assert(
    fc.property(file, edits, hunks, (before, changes, where) => {
      const after = edited(before, changes);
      const now = applySuggestions(before, posted(before, after, where).slice(0, 1));
      const derived = deriveSuggestions({
        path: 'f',
        before: bytes(now),
        after: bytes(after),
        hunks: where,
      });
      expect(composed(now, derived)).toBe(after);
    }),
    runs,
  );
});

/** The suggestions as GitHub reads them out of the posted comments. */
function posted(before: string, after: string, where: readonly Hunk[]): Suggestion[] {
  const { suggestions } = deriveSuggestions({
    path: 'f',
    before: bytes(before),
    after: bytes(after),
    hunks: where,
  });
  return suggestions.map((one) => {
    const replacement = readSuggestionBlock(renderSuggestion(one, 'Message with `code`.'));
    expect(replacement).toBe(one.replacement);
    return { ...one, replacement };
  });
}

/** Commits one suggestion after another in the given order, each where GitHub then shows it. */
function oneByOne(before: string, suggestions: readonly Suggestion[]): string {
  const [first, ...others] = suggestions;
  if (first === undefined) return before;
  const delta = first.replacement.split('\n').length - 1 - (first.endLine - first.startLine + 1);
  const moved = others.map((one) =>
    one.startLine > first.endLine
      ? { ...one, startLine: one.startLine + delta, endLine: one.endLine + delta }
      : one,
  );
  return oneByOne(applySuggestions(before, [first]), moved);
}

/** Makes suggestions and leftover edits in one pass, all of them in lines of `before`. */
function composed(before: string, { suggestions, leftover }: Derived): string {
  const steps = [
    ...suggestions.map((one) => ({
      at: one.startLine,
      count: one.endLine - one.startLine + 1,
      text: one.replacement,
    })),
    ...leftover.map((edit) => ({
      at: edit.startLine,
      count: edit.removed.length,
      text: edit.added.join(''),
    })),
  ].sort((a, b) => b.at - a.at || b.count - a.count);
  const lines = cutLines(before);
  for (const { at, count, text } of steps) lines.splice(at - 1, count, text);
  return lines.join('');
}
