import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { showHiddenCharacters } from '../../../src/domain/hidden-characters.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { PriorFinding } from '../../../src/protocol/task-input.ts';
import { call, changedFile, McpScene } from '../../support/mcp/mcp-scene.ts';

const prior: PriorFinding = {
  id: 'a1',
  state: 'open',
  tool: 'probe',
  rule: 'leak',
  severity: 'error',
  path: RepoPath.parse('src/a.ts'),
  message: 'A leak.',
};
const sectionOf = (before: string, after: string) =>
  `diff --git a/${before} b/${after}\n--- a/${before}\n+++ b/${after}\n@@ -1 +1 @@\n-diff --git a/x b/x\n+is\n`;
/** Content that spells the header of another file behind what only JavaScript takes for the end of a line. */
const sly = ['\r', '\u2028', '\u2029', '\v', '\f', '\x85'].reduce(
  (section, end) => `${section}+// a note${end}diff --git a/src/a.ts b/src/a.ts\n`,
  'diff --git a/sly.ts b/sly.ts\n--- a/sly.ts\n+++ b/sly.ts\n@@ -1 +1,6 @@\n',
);

let scene: McpScene;
let client: Client;
beforeAll(async () => {
  scene = new McpScene({
    hasBase: true,
    priorFindings: [prior, { ...prior, id: 'b2', state: 'dismissed' }],
    changedFiles: [
      changedFile('src/a.ts'),
      changedFile('new.ts', { status: 'added' }),
      changedFile('moved.ts', { status: 'renamed', previousPath: RepoPath.parse('old.ts') }),
      changedFile('ü.ts'),
      changedFile('long.ts'),
      changedFile('sly.ts'),
    ],
  });
  const long = `diff --git a/long.ts b/long.ts\n${'+x\n'.repeat(50_000)}`;
  const umlaut = 'diff --git "a/\\303\\274.ts" "b/\\303\\274.ts"\n+x\n';
  const diff = [
    sectionOf('src/a.ts', 'src/a.ts'),
    sly,
    sectionOf('old.ts', 'moved.ts'),
    umlaut,
    long,
  ];
  scene.write('task/diff.patch', diff.join(''));
  scene.write('task/budget.json', JSON.stringify({ tokens: 9, costMicroUsd: null, requests: 2 }));
  scene.write('workspace/src/a.ts', 'is\n');
  scene.write('base/src/a.ts', 'was\n');
  scene.write('base/old.ts', 'old\n');
  scene.write('base/long.txt', 'x'.repeat(130_000));
  scene.write('base/emoji.txt', `${'x'.repeat(59_999)}\u{1f600}y`);
  scene.write('base/crlf.txt', `${'x'.repeat(59_999)}\r\ny`);
  scene.write('base/sly.ts', 'if (a) {\u202e // \u2066{ b\u200b\r\n\r// \u{e0041}x\n');
  scene.write('base/image.png', 'PNG\0');
  symlinkSync('/etc/passwd', join(scene.root, 'base/link'));
  symlinkSync('/etc', join(scene.root, 'base/etc'));
  mkdirSync(join(scene.root, 'base/folder'));
  client = await scene.connect();
});
beforeEach(() => scene.forget());
afterAll(() => scene.close());

describe('a task that is a review', () => {
  it('has these tools, each with a schema that names its fields', async () => {
    const { tools } = await client.listTools();
    const named = tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint]);
    expect(named).toEqual([
      ['report_finding', false],
      ['list_findings', true],
      ['get_diff', true],
      ['get_base_file', true],
      ['budget', true],
    ]);
    const [report] = tools;
    expect(report?.inputSchema).toMatchObject({
      additionalProperties: false,
      required: ['path', 'severity', 'rule', 'message'],
    });
    expect(Object.keys(report?.inputSchema.properties ?? {})).not.toContain('tool');
  });

  it('does not have those of other purposes', async () => {
    for (const name of ['judge_finding', 'propose_labels'])
      await expect(call(client, name, {})).rejects.toThrow(name);
  });
});

describe('list_findings', () => {
  it('tells what was found before and what is reported, one a line', async () => {
    const finding = { path: 'src/a.ts', severity: 'info', rule: 'x', message: 'y' };
    await call(client, 'report_finding', finding);
    const { text } = await call(client, 'list_findings');
    const rows = text.split('\n').map((line) => JSON.parse(line) as unknown);
    expect(rows).toEqual([
      { prior },
      { prior: { ...prior, id: 'b2', state: 'dismissed' } },
      { reported: { tool: 'probe', ...finding } },
    ]);
  });
});

describe('get_diff', () => {
  it('gives one file, by its name or the one before', async () => {
    const moved = sectionOf('old.ts', 'moved.ts');
    for (const path of ['moved.ts', 'old.ts'])
      expect((await call(client, 'get_diff', { path })).text).toBe(moved);
    const { text } = await call(client, 'get_diff', { path: 'src/a.ts' });
    expect(text).toBe(sectionOf('src/a.ts', 'src/a.ts'));
  });

  it('gives all of a file whose lines spell the header of another, and nothing of it as the other', async () => {
    const shown = (await call(client, 'get_diff', { path: 'sly.ts' })).text;
    expect(shown.match(/^\+\/\/ a note.+$/gm)).toHaveLength(6);
    expect(shown).toMatch(/^diff --git a\/sly\.ts b\/sly\.ts\n/);
    const { text } = await call(client, 'get_diff', { path: 'src/a.ts' });
    expect(text).toBe(sectionOf('src/a.ts', 'src/a.ts'));
  });

  it('gives a long one in pieces that are the whole together', async () => {
    let whole = '';
    for (let offset: number | undefined = 0; offset !== undefined; ) {
      const { text } = await call(client, 'get_diff', { offset });
      const [, part = '', next] = /^(.*?)(?:\n\[\d+ more .* offset (\d+)\])?$/s.exec(text) ?? [];
      whole += part;
      offset = next === undefined ? undefined : Number(next);
    }
    const note = /\n\[Characters that .* here\.\]/;
    const diff = scene.read('task/diff.patch');
    expect(whole.replace(note, '')).toBe(showHiddenCharacters(diff));
  });

  it.each<[string, object, RegExp]>([
    ['a file that is the same', { path: 'other.ts' }, /does not change "other\.ts"/],
    ['a file that git spells otherwise', { path: 'ü.ts' }, /Ask for all of it/],
    ['a path out of the tree', { path: '../task/task.json' }, /relative to the root/],
    ['a place behind the end', { offset: 10 ** 9 }, /behind the end/],
    ['a place before the start', { offset: -1 }, /offset: /],
  ])('is refused in words for %s', async (_, args, why) => {
    const { text, isError } = await call(client, 'get_diff', args);
    expect([text, isError]).toEqual([expect.stringMatching(why), true]);
  });
});

describe('characters that cannot be seen', () => {
  const note = '[Characters that cannot be seen are written as [U+202E] here.]';

  it('are shown wherever a tool gives a text, but for what ends a line', async () => {
    const { text } = await call(client, 'get_base_file', { path: 'sly.ts' });
    const lines = 'if (a) {[U+202E] // [U+2066]{ b[U+200B]\r\n[U+000D]// [U+E0041]x\n';
    expect(text).toBe(`${lines}\n${note}`);
    const finding = { path: 'src/a.ts', severity: 'info', rule: 'x', message: 'y\u200b' };
    await call(client, 'report_finding', finding);
    const listed = (await call(client, 'list_findings')).text;
    expect(listed).toContain('"message":"y[U+200B]"');
    expect(listed.endsWith(`\n${note}`)).toBe(true);
    const diff = (await call(client, 'get_diff', { path: 'sly.ts' })).text;
    expect(diff).toContain('[U+2028]diff --git');
    expect(diff).not.toMatch(/[\u2028\u2029]/);
  });

  it.each([
    ['emoji.txt', '\u{1f600}y'],
    ['crlf.txt', '\r\ny'],
  ])('are not made by the end of a piece of %s', async (path, rest) => {
    const { text } = await call(client, 'get_base_file', { path });
    expect(text).toBe(`${'x'.repeat(59_999)}\n[3 more characters: call again with offset 59999]`);
    expect((await call(client, 'get_base_file', { path, offset: 59_999 })).text).toBe(rest);
  });
});

describe('get_base_file', () => {
  it('gives a file as it was, a long one in pieces', async () => {
    expect((await call(client, 'get_base_file', { path: 'src/a.ts' })).text).toBe('was\n');
    expect((await call(client, 'get_base_file', { path: 'old.ts' })).text).toBe('old\n');
    const args = { path: 'long.txt', offset: 120_000 };
    expect((await call(client, 'get_base_file', args)).text).toBe('x'.repeat(10_000));
  });

  it.each<[string, string, RegExp]>([
    ['one that the pull request adds', 'new.ts', /adds "new\.ts"/],
    ['one that had another name', 'moved.ts', /before, "moved\.ts" was called "old\.ts"/],
    ['one that is not there', 'x.ts', /no file "x\.ts" in the base/],
    ['one that is no text', 'image.png', /is no text/],
    ['a folder', 'folder', /no file/],
    ['a link', 'link', /no file/],
    ['a path through a link', 'etc/passwd', /no file/],
    ['a path out of the tree', '../task/task.json', /relative to the root/],
    ['a name that no file can have', 'x'.repeat(300), /no file/],
    ['a name with a NUL', 'a\0b', /relative to the root/],
  ])('is refused in words for %s', async (_, path, why) => {
    const { text, isError } = await call(client, 'get_base_file', { path });
    expect([text, isError]).toEqual([expect.stringMatching(why), true]);
  });
});

it('budget tells of models, of findings and of time', async () => {
  await call(client, 'report_finding', {
    path: 'src/a.ts',
    severity: 'info',
    rule: 'x',
    message: 'y',
  });
  const { text } = await call(client, 'budget');
  expect(JSON.parse(text)).toEqual({
    model: { tokens: 9, costMicroUsd: null, requests: 2 },
    findings: { most: 100, reported: 1 },
    taskMs: 1_000,
  });
});

it('a task without a base, a budget or a past says so', async () => {
  const bare = new McpScene();
  try {
    const other = await bare.connect();
    const base = await call(other, 'get_base_file', { path: 'src/a.ts' });
    expect(base.text).toMatch(/no tree of the base/);
    expect(base.isError).toBe(true);
    expect(JSON.parse((await call(other, 'budget')).text)).toMatchObject({ model: null });
    expect((await call(other, 'list_findings')).text).toMatch(/^Nothing was found/);
    expect((await call(other, 'get_diff')).text).toBe('There is no difference.');
  } finally {
    await bare.close();
  }
});
