import { describe, expect, it } from 'vitest';
import { parseHunks } from '../../../src/report/diff-hunks.ts';

/** A file of `lines` new lines of `width` bytes each, as git shows it. */
function added(path: string, lines: number, width = 2): string {
  const head = `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n`;
  return `${head}@@ -0,0 +1,${lines} @@\n${`+${'x'.repeat(width - 2)}\n`.repeat(lines)}`;
}

function removed(path: string, lines: number): string {
  const head = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ /dev/null\n`;
  return `${head}@@ -1,${lines} +0,0 @@\n${'-\n'.repeat(lines)}`;
}

const binary = (path: string) =>
  `diff --git a/${path} b/${path}\nBinary files a/${path} and b/${path} differ\n`;

const pathsOf = (...files: string[]) => [...parseHunks(Buffer.from(files.join(''))).keys()];

describe('files that GitHub takes comments on', () => {
  it.each([
    ['19,999 lines', added('a', 19_999), ['a']],
    ['20,000 lines', added('a', 20_000), []],
    ['just below 500 kB', added('a', 4_999, 100), ['a']],
    ['500 kB', added('a', 5_000, 100), []],
  ])('stop at the size of a file: %s', (_what, file, paths) => {
    expect(pathsOf(file)).toEqual(paths);
  });

  it('are those around one that is too large', () => {
    expect(pathsOf(added('a', 5), added('b', 30_000), added('c', 5))).toEqual(['a', 'c']);
  });

  it.each([
    ['lines', Array.from({ length: 3 }, (_, at) => added(`f${at}`, 9_000)), 2],
    ['bytes', Array.from({ length: 3 }, (_, at) => added(`f${at}`, 450, 1_000)), 2],
    ['files', Array.from({ length: 302 }, (_, at) => added(`f${at}`, 1)), 300],
  ])('stop at the size of the diff, in %s', (_what, files, count) => {
    expect(pathsOf(...files)).toHaveLength(count);
  });

  it('count what is removed, and what has no lines', () => {
    expect(pathsOf(removed('a', 15_000), added('b', 6_000))).toEqual([]);
    const images = Array.from({ length: 300 }, (_, at) => binary(`f${at}`));
    expect(pathsOf(...images, added('z', 1))).toEqual([]);
    expect(pathsOf(...images.slice(1), added('z', 1))).toEqual(['z']);
  });
});
