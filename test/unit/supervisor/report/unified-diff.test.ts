import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../../../workers/supervisor/report/read-report.ts';
import { doneFix, readLeft } from '../../../support/report/left-report.ts';
import { recorded, takenFrom } from '../../../support/report/real-report.ts';

function parse(diff: string) {
  return readLeft({ 'patch.diff': diff });
}

const head = '--- a/a.js\n+++ b/a.js\n';
const hunk = '@@ -1,2 +1,2 @@\n a\n-b\n+B\n';

it('a diff without a report is a result of a fix', () => {
  expect(parse(head + hunk)).toEqual({
    report: { findings: [], tools: [], toolErrors: [] },
    reportError: null,
    patch: [
      {
        path: 'a.js',
        kind: 'modified',
        hunks: [{ startLine: 1, oldText: 'a\nb\n', newText: 'a\nB\n' }],
      },
    ],
  });
  expect(parse('').patch).toEqual([]);
});

it.each([
  ['0', { exitCode: 0, signal: null, timedOut: false }],
  ['1', { exitCode: 1, signal: null, timedOut: false }],
])('a diff without a report is none of a review that ended with %s', (_what, end) => {
  expect(readLeft({ 'patch.diff': head + hunk }, { ...doneFix, kind: 'review', end })).toEqual({
    report: null,
    reportError: 'the agent left no report but a diff, which is enough for a fix alone',
  });
});

it.each([
  ['with exit code 1', { exitCode: 1, signal: null, timedOut: false }],
  ['by SIGKILL', { exitCode: null, signal: 'SIGKILL', timedOut: false }],
  ['by a signal', { exitCode: null, signal: null, timedOut: false }],
])('a diff without a report is an error of a fix that ended %s', (how, end) => {
  const message = `left no whole report, and ended ${how}`;
  const { report, patch } = readLeft({ 'patch.diff': head + hunk }, { ...doneFix, end });
  expect(report?.toolErrors).toEqual([{ tool: 'probe', message }]);
  expect(patch).toHaveLength(1);
});

it('a report beside a diff is taken, of a review and however the agent ended', () => {
  const toolErrors = [{ tool: 'probe', message: 'one file was too large' }];
  const report = { findings: [], tools: [], toolErrors };
  const left = { 'report.json': JSON.stringify(report), 'patch.diff': head + hunk };
  const end = { exitCode: 1, signal: null, timedOut: false };
  expect(readLeft(left, { ...doneFix, kind: 'review', end })).toMatchObject({
    report,
    reportError: null,
    patch: [{ path: 'a.js' }],
  });
});

it('a report without a diff has none', () => {
  const report = '{"findings":[],"tools":[],"toolErrors":[]}';
  expect(readLeft({ 'report.json': report })).not.toHaveProperty('patch');
  expect(readLeft({ 'report.json': report, 'patch.diff': head + hunk }).patch).toHaveLength(1);
});

describe('a diff is read', () => {
  const added = '@@ -0,0 +1 @@\n+a\n';
  it.each<[string, string, object]>([
    [
      'with what git says around it',
      `commit 1\n\n    say\n\ndiff --git a/a.js b/a.js\nindex 1..2 100644\n${head}${hunk}-- \n2.39.5\n`,
      { path: 'a.js' },
    ],
    ['without prefixes', `--- a.js\n+++ a.js\n${hunk}`, { path: 'a.js' }],
    [
      'of a folder that is called as a prefix',
      `--- a/x.js\n+++ a/x.js\n${hunk}`,
      { path: 'a/x.js' },
    ],
    [
      'with GNU diff’s times',
      `--- a.js\t2026-01-01\n+++ a.js\t2026-01-02\n${hunk}`,
      { path: 'a.js' },
    ],
    ['with absolute paths', `--- /workspace/a.js\n+++ /workspace/a.js\n${hunk}`, { path: 'a.js' }],
    [
      'with quoted paths',
      `--- "a/\\303\\251\\t.js"\n+++ "b/\\303\\251\\t.js"\n${hunk}`,
      { path: 'é\t.js' },
    ],
    ['with paths beyond ASCII', `--- a/é.js\n+++ b/é.js\n${hunk}`, { path: 'é.js' }],
    [
      'of a new file',
      `diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n${added}`,
      { path: 'n', kind: 'added', hunks: [{ startLine: 1, oldText: '', newText: 'a\n' }] },
    ],
    [
      'of a file that goes',
      '--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n',
      { path: 'n', kind: 'deleted', hunks: [{ startLine: 1, oldText: 'a\n', newText: '' }] },
    ],
    [
      'without context',
      `${head}@@ -3,0 +4,2 @@\n+x\n+y\n`,
      { hunks: [{ startLine: 4, oldText: '', newText: 'x\ny\n' }] },
    ],
    [
      'with a blank line that lost its blank',
      `${head}@@ -1,2 +1 @@\n\n-b\n`,
      { hunks: [{ startLine: 1, oldText: '\nb\n', newText: '\n' }] },
    ],
    [
      'with lines that look like labels',
      `${head}@@ -1 +1 @@\n--- a/x\n+++ b/x\n`,
      { hunks: [{ oldText: '-- a/x\n', newText: '++ b/x\n' }] },
    ],
    [
      'with a last line that has no ending',
      `${head}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n`,
      { hunks: [{ oldText: 'a', newText: 'b' }] },
    ],
    [
      'with CRLF',
      `${head}@@ -1 +1 @@\n-a\r\n+b\r\n`,
      { hunks: [{ oldText: 'a\r\n', newText: 'b\r\n' }] },
    ],
  ])('%s', (_what, diff, expected) => {
    expect(parse(diff)).toMatchObject({ reportError: null, patch: [expected] });
  });

  it.each<[string, string, string]>([
    ['a hunk of no file', hunk, 'line 1: a hunk of no file'],
    ['a file without hunks', head, 'line 3: a file without hunks'],
    ['a hunk of another header', `${head}@@ -1 @@\n`, 'line 3: a hunk with another header'],
    ['a hunk at line 0', `${head}@@ -0 +0 @@\n-a\n+a\n`, 'line 6: a hunk at line 0'],
    ['fewer lines than counted', `${head}@@ -1,3 +1,3 @@\n a\n`, 'line 5: a hunk with fewer lines'],
    [
      'fewer lines before another file',
      `${head}@@ -1,3 +1,3 @@\n a\ndiff --git`,
      'line 5: a hunk with fewer',
    ],
    ['more lines than counted', `${head}@@ -1 +1 @@\n a\n-b\n`, 'line 5: a hunk with more lines'],
    [
      'more old lines than counted',
      `${head}@@ -1 +1,2 @@\n-a\n-b\n+c\n+d\n`,
      'line 8: a hunk with more lines',
    ],
    ['the same file twice', head + hunk + head + hunk, 'line 7: a file for the second time'],
    ['a rename', 'rename from a\nrename to b\n', 'line 1: it renames or copies'],
    ['a rename without git', `--- a/x\n+++ b/y\n${hunk}`, 'line 1: it renames a file'],
    ['a mode', 'old mode 100644\nnew mode 100755\n', 'line 1: it changes the mode'],
    ['a new executable', 'new file mode 100755\n', 'line 1: it makes a file that is no plain one'],
    ['a new symlink', 'new file mode 120000\n', 'line 1: it makes a file that is no plain one'],
    [
      'a binary file',
      'Binary files a/x and b/x differ\n',
      'line 1: it changes a file that is no text',
    ],
    [
      'binary content',
      'GIT binary patch\nliteral 0\n',
      'line 1: it changes a file that is no text',
    ],
    [
      'an empty new file',
      'diff --git a/n b/n\nnew file mode 100644\nindex 0..1\n',
      'line 4: it makes or deletes an empty',
    ],
    [
      'nothing on both sides',
      `--- /dev/null\n+++ /dev/null\n${hunk}`,
      'line 1: both sides are /dev/null',
    ],
    [
      'a path that leads out',
      `--- a/../x\n+++ b/../x\n${hunk}`,
      'line 1: a path is not in the repository',
    ],
    [
      'an absolute path',
      `--- /etc/passwd\n+++ /etc/passwd\n${hunk}`,
      'line 1: a path is not in the',
    ],
    [
      'a path in .git',
      `--- a/.git/config\n+++ b/.git/config\n${hunk}`,
      'line 1: a path is not in the',
    ],
    ['a path with broken quotes', `--- "a/x\n+++ "b/x\n${hunk}`, 'line 1: a path is not quoted'],
    [
      'a path that is no UTF-8',
      `--- "a/\\377"\n+++ "b/\\377"\n${hunk}`,
      'line 1: a path is not quoted',
    ],
    [
      'too many hunks',
      head + '@@ -1 +1 @@\n a\n'.repeat(20_001),
      'line 40003: more than 20000 hunks',
    ],
  ])('not with %s', (_what, diff, error) => {
    const { report, reportError } = parse(diff);
    expect(report).toBeNull();
    expect(reportError).toContain(`patch.diff, ${error}`);
  });
});

it.each<[string, Uint8Array, RegExp]>([
  [
    'bytes that are no UTF-8',
    Buffer.from(`${head}@@ -0,0 +1 @@\n+\u00ff\n`, 'latin1'),
    /not UTF-8/,
  ],
  ['more than 2 MiB', Buffer.alloc(2 * 1024 * 1024 + 1), /over 2097152 bytes/],
])('a diff of %s is refused', (_what, bytes, error) => {
  const out = mkdtempSync(join(tmpdir(), 'left-patch-'));
  try {
    writeFileSync(join(out, 'patch.diff'), bytes);
    expect(readReport({ out, workspace: '/workspace' }, doneFix).reportError).toMatch(error);
  } finally {
    rmSync(out, { recursive: true });
  }
});

it('a diff of shellcheck is the file that it means', async () => {
  const sh = recorded('workspace/src/a.sh');
  const diff = recorded('shellcheck.diff');
  const { files, refused } = await takenFrom({ 'patch.diff': diff }, { 'src/a.sh': sh });
  expect(refused).toEqual([]);
  expect(files).toEqual({
    'src/a.sh': '#!/bin/sh\necho "😀é" "$1"\nfor f in $(ls); do cat "$f"; done\n',
  });
});

it('what git says of any two texts gives the second', async () => {
  const line = fc.constantFrom(
    'a\n',
    'b\n',
    '-- a\n',
    '+\r\n',
    '\\ x\n',
    '😀é\n',
    '\n',
    '@@ -1 +1 @@\n',
  );
  const text = fc
    .tuple(fc.array(line), fc.constantFrom('', 'end'))
    .map(([all, end]) => all.join('') + end);
  const root = mkdtempSync(join(tmpdir(), 'git-diff-'));
  try {
    execFileSync('git', ['init', '-q', root]);
    const property = fc.asyncProperty(text, text, fc.nat(3), async (before, after, context) => {
      // An empty file has no lines that a diff could speak of.
      fc.pre(before !== '' && before !== after);
      writeFileSync(join(root, 'x'), before);
      execFileSync('git', ['-C', root, 'add', 'x']);
      writeFileSync(join(root, 'x'), after);
      const args = ['-C', root, '-c', 'core.autocrlf=false', 'diff', `-U${context}`];
      const diff = spawnSync('git', args, { encoding: 'utf8' }).stdout;
      const { files, refused } = await takenFrom({ 'patch.diff': diff }, { x: before });
      expect(refused).toEqual([]);
      expect(files).toEqual({ x: after });
    });
    await fc.assert(property, { numRuns: 60 });
  } finally {
    rmSync(root, { recursive: true });
  }
});
