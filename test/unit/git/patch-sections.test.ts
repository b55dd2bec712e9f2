import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../../src/adapters/git/patch-sections.ts';

const [one, two] = ['1'.repeat(40), '2'.repeat(40)];

function section(...lines: readonly string[]): string {
  return ['diff --git a/f b/f', `index ${one}..${two} 100644`, ...lines, ''].join('\n');
}

/** The name of the error that a patch gives, undefined when it is read. */
function failureOf(patch: Buffer): string | undefined {
  try {
    parsePatch(patch);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : 'not an error';
  }
}

describe('parsePatch', () => {
  it('finds nothing in an empty patch', () => {
    expect(parsePatch(Buffer.alloc(0))).toEqual([]);
  });

  it('numbers added lines in the new file and joins neighbours', () => {
    const patch = section(
      '--- a/f',
      '+++ b/f',
      '@@ -1,3 +1,4 @@ function',
      ' a',
      '-b',
      '+B',
      '+C',
      ' d',
      '@@ -10 +11,2 @@',
      ' x',
      '+y',
      String.raw`\ No newline at end of file`,
    );
    expect(parsePatch(Buffer.from(patch))).toEqual([
      {
        index: { before: one, after: two },
        isBinary: false,
        addedLines: [
          [2, 3],
          [12, 12],
        ],
      },
    ]);
  });

  it('takes a line of a hunk for content, whatever it looks like', () => {
    const patch = section(
      '@@ -0,0 +1,4 @@',
      '+diff --git a/x b/x',
      '+@@ -1 +1 @@',
      '+++ b/x',
      '+Binary files',
    );
    expect(parsePatch(Buffer.from(patch + section('Binary files a/f and b/f differ')))).toEqual([
      { index: { before: one, after: two }, isBinary: false, addedLines: [[1, 4]] },
      { index: { before: one, after: two }, isBinary: true, addedLines: [] },
    ]);
  });

  it('reads sections without content: renames and modes', () => {
    const patch = 'diff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n';
    expect(parsePatch(Buffer.from(patch))).toEqual([
      { index: null, isBinary: false, addedLines: [] },
    ]);
  });

  it.each([
    ['text before the first file', 'hello\n'],
    ['a hunk that ends early', section('@@ -0,0 +1,4 @@', '+a')],
    ['a hunk with a line of another kind', section('@@ -0,0 +1,2 @@', '+a', '*b')],
  ])('refuses %s', (_, patch) => {
    expect(() => parsePatch(Buffer.from(patch))).toThrow(/a form that is not known/);
  });

  it('gives back exactly the added lines of any hunk', () => {
    const lines = fc.array(fc.tuple(fc.constantFrom(' ', '+', '-'), fc.string()), { minLength: 1 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 1_000 }), (drawn, start) => {
        const body = drawn.map(([sign, text]) => sign + text.replaceAll('\n', ''));
        const count = (sign: string): number =>
          drawn.filter(([drawnSign]) => drawnSign !== sign).length;
        const header = `@@ -${String(start)},${String(count('+'))} +${String(start)},${String(count('-'))} @@`;
        const after = drawn.filter(([sign]) => sign !== '-').map(([sign]) => sign);
        const expected = after.flatMap((sign, index) => (sign === '+' ? [start + index] : []));
        const [parsed] = parsePatch(Buffer.from(section(header, ...body)));
        const found = (parsed?.addedLines ?? []).flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(found).toEqual(expected);
      }),
    );
  });

  it('never fails on garbage but by its own error', () => {
    const garbage = fc.array(
      fc.constantFrom('diff --git ', '@@ -1,2 +3,4 @@\n', '+x\n', '\\\n', '\n', 'index '),
    );
    fc.assert(
      fc.property(garbage, (pieces) => {
        expect([undefined, 'SallyportError']).toContain(failureOf(Buffer.from(pieces.join(''))));
      }),
    );
  });
});
