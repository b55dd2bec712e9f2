import { describe, expect, it } from 'vitest';
import { gatePatch } from '../../../src/approval/gate-patch.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { sampleRules } from '../../support/report/samples.ts';

const rules = sampleRules('fix');

function verdictOn(
  files: Record<string, Uint8Array | null>,
  refused: { path: string; reason: 'symlink' | 'steering' }[] = [],
) {
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path: RepoPath.parse(path),
    bytes,
  }));
  return gatePatch(rules, {
    changes: entries.map(({ path, bytes }) => ({
      path,
      // A write is of a new file here: what is in the head already has the name that people gave it.
      before: bytes === null ? digestOf('before') : null,
      after: bytes === null ? null : digestOf(bytes),
    })),
    refused,
    afterBytes: new Map(
      entries.flatMap(({ path, bytes }) => (bytes === null ? [] : [[path, bytes]])),
    ),
  });
}

describe('gatePatch', () => {
  it('refuses what a task of documentation changes besides', () => {
    const path = RepoPath.parse('src/a.js');
    const bytes = Buffer.from('x\n');
    const changes = [{ path, before: null, after: digestOf(bytes) }];
    const patch = { changes, refused: [], afterBytes: new Map([[path, bytes]]) };
    expect(gatePatch(rules, { ...patch, purpose: 'docs' }).status).toBe('refused');
    expect(gatePatch(rules, { ...patch, purpose: 'fix' }).status).toBe('approvable');
  });

  it('lets a plain text change and a deletion be approved', () => {
    expect(verdictOn({ 'src/a.js': Buffer.from('x\n'), 'old.js': null })).toEqual({
      status: 'approvable',
    });
  });

  it('finds nothing to do in an empty patch', () => {
    expect(verdictOn({})).toEqual({ status: 'empty' });
  });

  it.each([
    ['a workflow', { '.github/workflows/x.yml': Buffer.from('on: push') }, /protected by/],
    ['deleting a workflow', { '.github/workflows/x.yml': null }, /protected by/],
    [
      'a lockfile among good files',
      { 'a.js': Buffer.from('a'), 'package-lock.json': Buffer.from('{}') },
      /protected/,
    ],
    ['a backslash', { '..\\up.js': Buffer.from('x') }, /a name with a backslash is never/],
    ['a line break', { 'a\nb.js': Buffer.from('x') }, /a name with control characters is never/],
    ['a device', { 'src/nul.js': Buffer.from('x') }, /Windows takes this name for another file/],
    ['.git by another name', { '.\uff47it': Buffer.from('x') }, /it is a name of .git/],
    ['a NUL byte', { 'a.js': Buffer.from('a\0b') }, /binary/],
    ['bytes that are not UTF-8', { 'a.js': Buffer.from([0xff, 0xfe]) }, /binary/],
    [
      'a file over the limit',
      { 'a.js': Buffer.alloc(rules.patch.maxFileBytes + 1, 97) },
      /bytes, over/,
    ],
  ])('refuses %s', (_what, files, reason) => {
    const verdict = verdictOn(files);
    expect(verdict.status).toBe('refused');
    expect(JSON.stringify(verdict)).toMatch(reason);
  });

  it('refuses the whole patch when the sandbox also left a symlink', () => {
    expect(verdictOn({ 'a.js': Buffer.from('a') }, [{ path: 'x', reason: 'symlink' }])).toEqual({
      status: 'refused',
      reasons: ['"x": links are never committed'],
    });
  });

  it('says of a file that steers agents why it is left to people', () => {
    const refused = [{ path: '.mcp.json', reason: 'steering' as const }];
    expect(verdictOn({}, refused)).toMatchObject({
      reasons: ['".mcp.json": it steers agents, and only people change such files'],
    });
  });

  it('refuses too many files, and too many bytes together', () => {
    const many = Object.fromEntries(
      Array.from({ length: rules.patch.maxFiles + 1 }, (_, i) => [`f${i}`, Buffer.from('x')]),
    );
    expect(verdictOn(many)).toMatchObject({ reasons: [expect.stringMatching(/files, over/)] });
    const big = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`f${i}`, Buffer.alloc(rules.patch.maxFileBytes, 97)]),
    );
    expect(verdictOn(big)).toMatchObject({ reasons: [expect.stringMatching(/bytes, over/)] });
  });

  it('denies when the content cannot be read', () => {
    const path = RepoPath.parse('a.js');
    const changes = [{ path, before: null, after: digestOf('x') }];
    expect(gatePatch(rules, { changes, refused: [], afterBytes: new Map() }).status).toBe(
      'refused',
    );
  });

  it('quotes hostile names in its reasons', () => {
    const verdict = verdictOn({ '.github/a\n# Approved\n': Buffer.from('x') });
    const reason: unknown = expect.not.stringContaining('\n');
    expect(verdict).toMatchObject({ reasons: [reason, reason] });
  });
});

describe('a patch that has to be tried', () => {
  const command = { name: 'test', run: ['make', 'test'] };
  const result = { name: 'test', exitCode: 0, signal: null, ms: 1, output: '' };
  const change = { path: RepoPath.parse('a.js'), before: null, after: digestOf('x') };
  const patch = {
    changes: [change],
    refused: [],
    afterBytes: new Map([[change.path, Buffer.from('x')]]),
  };
  const strict = { ...rules, verify: { commands: [command], required: true } };

  it.each([
    ['was not', undefined, /not run \(no result\)/],
    ['could not be', { status: 'not-run', reason: 'limit:memory', commands: [] }, /limit:memory/],
    [
      'failed',
      { status: 'failed', reason: null, commands: [{ ...result, exitCode: 3 }] },
      /test failed/,
    ],
    [
      'was broken off',
      { status: 'failed', reason: null, commands: [{ ...result, signal: 'SIGKILL' }] },
      /test failed/,
    ],
  ] as const)('is refused where it %s', (_what, verification, reason) => {
    const trials =
      verification === undefined ? {} : { verification: structuredClone(verification) as never };
    const verdict = gatePatch(strict, { ...patch, ...trials });
    expect(verdict).toMatchObject({ status: 'refused', reasons: [expect.stringMatching(reason)] });
    expect(gatePatch(rules, { ...patch, ...trials }).status).toBe('approvable');
  });

  it('may be approved once it has passed, and is none where nothing changed', () => {
    const verification = { status: 'passed', reason: null, commands: [result] } as const;
    const passed = { ...patch, verification: structuredClone(verification) as never };
    expect(gatePatch(strict, passed).status).toBe('approvable');
    const empty = { changes: [], refused: [], afterBytes: new Map<never, never>() };
    expect(gatePatch(strict, empty).status).toBe('empty');
    const asks = { ...rules, verify: { commands: [], required: true } };
    expect(gatePatch(asks, patch).status).toBe('approvable');
  });

  it('is refused where its tests prove nothing', () => {
    const proof = { status: 'not-proven', reason: 'they pass without the change' } as const;
    expect(gatePatch(rules, { ...patch, proof })).toMatchObject({
      reasons: ['The tests are not offered: they pass without the change.'],
    });
    const untold = { status: 'cannot-tell', reason: 'nothing changed' } as const;
    expect(gatePatch(rules, { ...patch, proof: untold }).status).toBe('approvable');
  });
});
