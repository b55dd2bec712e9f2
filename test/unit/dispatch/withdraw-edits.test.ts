import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../../src/dispatch/validate-result.ts';
import { withdrawEdits } from '../../../src/dispatch/withdraw-edits.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';

const path = RepoPath.parse('src/a.js');
const before = '1\n2\n3\n4\n5\n6\n';

function changed(after: string | Uint8Array | null, from: string | null = before): FileChange {
  const bytes = (text: string | Uint8Array | null) => (text === null ? null : Buffer.from(text));
  return { path, before: bytes(from), after: bytes(after) };
}

function on(startLine: number, endLine = startLine) {
  return { path, range: { startLine, endLine } };
}

/** What is left of these edits; undefined: nothing. */
function left(after: string, dropped: readonly object[], stays: readonly object[] = []) {
  const sorted = { dropped, left: stays } as Parameters<typeof withdrawEdits>[1];
  const [file] = withdrawEdits([changed(after)], sorted);
  return file === undefined ? undefined : Buffer.from(file.after ?? []).toString();
}

describe('edits of a file in which a finding was dropped', () => {
  it.each([
    ['on its lines go', 'X\n2\n3\n4\n5\n6\n', [on(1)], [], undefined],
    ['on the lines of another stay', 'X\n2\n3\n4\n5\nY\n', [on(1)], [on(6)], '1\n2\n3\n4\n5\nY\n'],
    ['on the lines of both go', 'X\nY\n3\n4\n5\n6\n', [on(1)], [on(2)], undefined],
    ['on the lines of none go', '1\n2\n3\nX\n5\n6\n', [on(1)], [on(6)], undefined],
    ['that reach its lines go', '1\nX\nY\n4\n5\n6\n', [on(3, 4)], [on(2)], undefined],
    ['that delete lines of another stay', '1\n2\n3\n4\n5\n', [on(1)], [on(6)], '1\n2\n3\n4\n5\n'],
    ['before its first line go', 'X\n1\n2\n3\n4\n5\n6\n', [on(1)], [], undefined],
    ['after its last line go', '1\n2\nX\n3\n4\n5\n6\n', [on(1, 2)], [on(2, 3)], undefined],
    ['after lines of another stay', `${before}X\n`, [on(1)], [on(6)], `${before}X\n`],
    ['go where it is on the whole file', 'X\n2\n3\n4\n5\n6\n', [{ path }], [on(1)], undefined],
    [
      'stay where another is on the whole file',
      `${before}X\n`,
      [on(1)],
      [{ path }],
      `${before}X\n`,
    ],
    ['go where only another file has more', `${before}X\n`, [on(1)], [{ path: 'b.js' }], undefined],
  ])('%s', (_what, after, dropped, stays, expected) => {
    expect(left(after, dropped, stays)).toBe(expected);
  });

  it.each([
    ['is new', changed('new\n', null)],
    ['is deleted', changed(null)],
    ['is not text', changed(Uint8Array.of(0xff, 0xfe))],
  ])('all go where the file %s', (_what, file) => {
    expect(withdrawEdits([file], { dropped: [on(1)], left: [on(6)] })).toEqual([]);
  });

  it('are none of another file', () => {
    const file = changed('X\n');
    const elsewhere = { path: RepoPath.parse('src/b.js') };
    expect(withdrawEdits([file], { dropped: [elsewhere], left: [] })).toEqual([file]);
  });
});
