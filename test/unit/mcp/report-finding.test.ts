import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { readReport } from '../../../workers/supervisor/report/read-report.ts';
import { call, changedFile, McpScene } from '../../support/mcp/mcp-scene.ts';
import { doneFix } from '../../support/report/left-report.ts';

const limits = { agentMs: 1_000, resultBytes: 1, resultFiles: 1, findings: 3 };
const replaced = [RepoPath.parse('CLAUDE.md')];

let scene: McpScene;
let client: Client;
beforeAll(async () => {
  scene = new McpScene({ limits, replaced });
  scene.write('workspace/src/a.ts', 'one\ntwo\nthree\n');
  scene.write('workspace/empty', '');
  scene.write('workspace/CLAUDE.md', 'of the base\n');
  symlinkSync('src/a.ts', join(scene.root, 'workspace/link'));
  symlinkSync('src', join(scene.root, 'workspace/folder'));
  symlinkSync('/etc', join(scene.root, 'workspace/etc'));
  client = await scene.connect();
});
beforeEach(() => scene.forget());
afterAll(() => scene.close());

const finding = {
  path: 'src/a.ts',
  startLine: 2,
  severity: 'warning',
  rule: 'off-by-one',
  message: 'This counts one too many.',
};
const report = (part: object = {}) => call(client, 'report_finding', { ...finding, ...part });
const reported = () => scene.lines('out/reported.jsonl');

describe('a finding', () => {
  it('is reported in the name of the agent, and is a report', async () => {
    expect(await report()).toEqual({ text: 'Reported: 1 of at most 3 findings.', isError: false });
    const { startLine: _line, ...rest } = finding;
    const expected = { tool: 'probe', ...rest, range: { startLine: 2, endLine: 2 } };
    expect(reported()).toEqual([expected]);
    const places = { out: join(scene.root, 'out'), workspace: join(scene.root, 'workspace') };
    const read = readReport(places, { ...doneFix, kind: 'review' });
    expect(read.report?.findings).toEqual([expected]);
  });

  it.each<[string, object, object]>([
    ['of a whole file', { startLine: null }, { range: undefined }],
    ['of several lines', { startLine: 1, endLine: 3 }, { range: { startLine: 1, endLine: 3 } }],
    ['with the workspace before it', { path: 'WORKSPACE/src/a.ts' }, { path: 'src/a.ts' }],
    ['with a dot before it', { path: './src/a.ts' }, { path: 'src/a.ts' }],
    ['with a grade', { confidence: 'high' }, { confidence: 'high' }],
    [
      'with other lines in their place',
      { endLine: 3, replacement: 'TWO\nTHREE\n' },
      {
        range: { startLine: 2, endLine: 3 },
        fix: { edits: [{ startLine: 2, startColumn: 1, endLine: 3, newText: 'TWO\nTHREE' }] },
      },
    ],
    [
      'with nothing in their place',
      { replacement: '' },
      { fix: { edits: [{ startLine: 2, startColumn: 1, endLine: 3, endColumn: 1, newText: '' }] } },
    ],
    ['with text that is no Unicode', { message: 'x\ud800' }, { message: 'x\ufffd' }],
    [
      'of a file that steers agents, as a whole',
      { path: 'CLAUDE.md', startLine: null },
      { path: 'CLAUDE.md', range: undefined },
    ],
  ])('may be told %s', async (_, part, expected) => {
    const said = JSON.stringify(part).replace('WORKSPACE', `${scene.root}/workspace`);
    expect((await report(JSON.parse(said) as object)).isError).toBe(false);
    const { tool: _tool, ...told } = reported()[0] as Record<string, unknown>;
    const { startLine: _line, ...rest } = finding;
    const range = { startLine: 2, endLine: 2 };
    expect(told).toEqual({ ...rest, range, ...expected });
  });

  it.each<[string, object, RegExp]>([
    ['a file that is not there', { path: 'src/b.ts' }, /no file "src\/b\.ts"/],
    ['a folder', { path: 'src' }, /no file "src"/],
    ['a path out of the tree', { path: '../../etc/passwd' }, /relative to the root/],
    ['an absolute path', { path: '/etc/passwd' }, /relative to the root/],
    ['git’s own folder', { path: '.git/config' }, /relative to the root/],
    ['a link', { path: 'link' }, /no file "link"/],
    ['a path through a link', { path: 'folder/a.ts' }, /no file/],
    ['a path through a link out of the tree', { path: 'etc/passwd' }, /no file/],
    ['a line behind the end', { startLine: 4 }, /^endLine: "src\/a\.ts" has 3 lines, not 4/],
    ['a line of an empty file', { path: 'empty', startLine: 1 }, /has 0 lines/],
    ['a range that ends before it begins', { startLine: 3, endLine: 1 }, /endLine: 1 is before/],
    ['an end without a start', { startLine: null, endLine: 1 }, /^startLine: is missing/],
    ['line 0', { startLine: 0 }, /^Nothing was done\. startLine: must be a whole number from 1/],
    ['half a line', { startLine: 1.5 }, /startLine: must be a whole number/],
    ['columns', { startColumn: 1 }, /Unrecognized key: "startColumn"/],
    ['another tool’s name', { tool: 'shellcheck' }, /Unrecognized key: "tool"/],
    ['no severity', { severity: null }, /severity: /],
    ['another severity', { severity: 'critical' }, /severity: .*"info"\|"warning"\|"error"/],
    ['a rule with blanks', { rule: 'Off by one' }, /rule: must be lower-case letters/],
    ['no message', { message: '' }, /message: /],
    ['a message without end', { message: 'x'.repeat(8_001) }, /message: .*8000/],
    ['lines for no lines', { startLine: null, replacement: 'x' }, /^replacement: /],
    ['a line of a file that steers agents', { path: 'CLAUDE.md', startLine: 1 }, /without lines/],
    [
      'nothing at all',
      { path: null, severity: null, rule: null, message: null },
      /path: .*; .*severity: /,
    ],
  ])('is refused in words with %s, and reported when that is put right', async (_, part, why) => {
    const refused = await report(part);
    expect(refused.text).toMatch(why);
    expect(refused.isError).toBe(true);
    expect((await report()).isError).toBe(false);
    expect(reported()).toHaveLength(1);
  });

  it('is reported once', async () => {
    await report();
    expect(await report({ severity: 'error' })).toEqual({
      text: 'That was reported already.',
      isError: false,
    });
    await report({ startLine: 3 });
    expect(reported()).toHaveLength(2);
  });

  it('is refused behind the last that the task may have, by every server of it', async () => {
    const other = await scene.connect();
    for (const startLine of [1, 2, 3])
      await call(other, 'report_finding', { ...finding, startLine });
    const { text, isError } = await report({ startLine: null });
    expect([text, isError]).toEqual([expect.stringMatching(/may have 3 findings/), true]);
    expect(reported()).toHaveLength(3);
  });
});

it('is held to the files as they were given, not to what the agent has made of them', async () => {
  const changedFiles = [changedFile('new.ts', { status: 'added' })];
  const whole = new McpScene({ hasBase: true, changedFiles });
  try {
    whole.write('base/same.ts', 'one\n');
    whole.write('base/gone.ts', 'one\n');
    whole.write('workspace/same.ts', 'one\ntwo\n');
    whole.write('workspace/new.ts', 'one\ntwo\n');
    whole.write('workspace/made.ts', 'one\n');
    const other = await whole.connect();
    const of = (path: string, startLine: number) =>
      call(other, 'report_finding', { ...finding, path, startLine });
    expect((await of('made.ts', 1)).text).toMatch(/no file "made\.ts": it was made here/);
    expect((await of('same.ts', 2)).text).toMatch(/has 1 lines, not 2/);
    expect((await of('none.ts', 1)).text).toMatch(/no file "none\.ts" in the workspace/);
    for (const [path, line] of [
      ['same.ts', 1],
      ['gone.ts', 1],
      ['new.ts', 2],
    ] as const)
      expect((await of(path, line)).text).toMatch(/^Reported/);
    expect(whole.lines('out/reported.jsonl')).toHaveLength(3);
  } finally {
    await whole.close();
  }
});

describe('the journal of findings', () => {
  const place = () => join(scene.root, 'out/reported.jsonl');

  it.each<[string, () => void, RegExp]>([
    ['a link', () => symlinkSync(join(scene.root, 'stolen'), place()), /no regular file/],
    ['a folder', () => mkdirSync(place()), /no regular file/],
    ['a pipe', () => void execFileSync('mkfifo', [place()]), /no regular file/],
    ['text', () => scene.write('out/reported.jsonl', 'x\n'), /Line 1 .*no JSON/],
    ['something else', () => scene.write('out/reported.jsonl', '{}\n'), /a line that is none/],
    ['full', () => scene.write('out/reported.jsonl', ' '.repeat(2 ** 21)), /Line 1|2 MiB/],
    ['too large', () => scene.write('out/reported.jsonl', ' '.repeat(2 ** 21 + 1)), /2 MiB/],
  ])('that is %s is not written to, until it is taken away', async (_, make, why) => {
    make();
    const { text, isError } = await report();
    expect([text, isError]).toEqual([expect.stringMatching(why), true]);
    rmSync(place(), { recursive: true });
    expect((await report()).isError).toBe(false);
    expect(reported()).toHaveLength(1);
  });
});

it('holds whatever a model says, and what it takes is a report', async () => {
  const anything = fc.record(
    {
      path: fc.oneof(
        fc.constantFrom('src/a.ts', 'empty', 'link', '../x'),
        fc.string(),
        fc.anything(),
      ),
      startLine: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.anything()),
      endLine: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.anything()),
      severity: fc.oneof(fc.constantFrom('info', 'error'), fc.anything()),
      rule: fc.oneof(fc.constantFrom('a', 'b-2'), fc.string()),
      message: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
      replacement: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
      [`x`]: fc.anything(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(anything, async (args) => {
      const { text } = await call(client, 'report_finding', asJson(args));
      expect(text).not.toMatch(/^That failed/);
    }),
    { numRuns: 300 },
  );
  const { isError, text } = await call(client, 'list_findings');
  expect(isError).toBe(false);
  const found = text.includes('"reported"') ? reported() : [];
  expect(AgentReport.safeParse({ findings: found, tools: [], toolErrors: [] }).success).toBe(true);
}, 30_000);

/** What of a value JSON can say. */
function asJson(value: object): object {
  const seen = (_key: string, one: unknown) => (typeof one === 'bigint' ? String(one) : one);
  return JSON.parse(JSON.stringify(value, seen)) as object;
}
