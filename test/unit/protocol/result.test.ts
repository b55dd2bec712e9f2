import { describe, expect, it } from 'vitest';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { resultManifest, strangeKeys, withKey } from './samples.ts';

const [write, remove, refused] = resultManifest.changes;
const { agent, report } = resultManifest;

const hunk = { startLine: 1, oldText: '', newText: 'x\n' };
const patched = { path: 'a', kind: 'modified', hunks: [hunk] };

function takes(fields: object): boolean {
  return ResultManifest.safeParse({ ...resultManifest, ...fields }).success;
}

describe('ResultManifest', () => {
  it('takes a result, and leaves it as it is', () => {
    expect(ResultManifest.parse(resultManifest)).toEqual(resultManifest);
    expect(takes({ report: null, reportError: 'no report' })).toBe(true);
    expect(takes({ patch: [patched] })).toBe(true);
    expect(takes({ report: { ...report, findings: [sampleFinding()] } })).toBe(true);
  });

  it.each([[0], [1], [3], ['1'], [null], [undefined]])('refuses protocol %j', (protocol) => {
    expect(takes({ protocol })).toBe(false);
  });

  it.each(strangeKeys)('has no field for %s', (_what, key) => {
    expect(ResultManifest.safeParse(withKey(resultManifest, key)).success).toBe(false);
    expect(takes({ agent: withKey(agent, key) })).toBe(false);
    expect(takes({ report: withKey(report, key) })).toBe(false);
    for (const change of resultManifest.changes)
      expect(takes({ changes: [withKey(change, key)] })).toBe(false);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it.each([
    ['a fourth kind of change', { kind: 'symlink', path: 'a', target: '/etc/passwd' }],
    ['a kind from the prototype', { kind: '__proto__', path: 'a' }],
    ['a write out of the workspace', { ...write, path: 'a/../../b' }],
    ['a write into .git', { ...write, path: '.Git/hooks/pre-commit' }],
    ['a write of fewer than no bytes', { ...write, bytes: -1 }],
    ['a write of half a byte', { ...write, bytes: 0.5 }],
    ['a write of more bytes than numbers count', { ...write, bytes: 2 ** 60 }],
    ['a write with a mode', { ...write, mode: '120000' }],
    ['a write that says nothing of the mode', { ...write, executable: undefined }],
    ['a delete of an absolute path', { ...remove, path: '/etc/passwd' }],
    ['a delete with bytes', { ...remove, bytes: 3 }],
    ['a refusal for a reason of its own', { ...refused, reason: 'approved' }],
    ['a refusal without end', { ...refused, path: 'x'.repeat(4_097) }],
    ['nothing', null],
  ])('refuses %s', (_what, change) => {
    expect(takes({ changes: [change] })).toBe(false);
  });

  it.each([
    ['an exit code that is none', { agent: { ...agent, exitCode: 256 } }],
    ['a signal without end', { agent: { ...agent, signal: 'x'.repeat(21) } }],
    ['an error without end', { reportError: 'x'.repeat(501) }],
    ['a tool with a path', { report: { ...report, tools: [{ name: '/bin/sh', version: '1' }] } }],
    ['65 tools', { report: { ...report, tools: Array(65).fill(report.tools[0]) } }],
    ['65 tool errors', { report: { ...report, toolErrors: Array(65).fill(report.toolErrors[0]) } }],
    [
      'a tool error without end',
      { report: { ...report, toolErrors: [{ tool: 'x', message: 'x'.repeat(2_001) }] } },
    ],
    ['a finding that is none', { report: { ...report, findings: ['all good'] } }],
    ['a report that is text', { report: 'LGTM' }],
    ['a patch that is text', { patch: '--- a\n+++ b\n' }],
    ['a patch of a path outside', { patch: [{ ...patched, path: '../x' }] }],
    ['a patch of another kind', { patch: [{ ...patched, kind: 'renamed' }] }],
    ['a patch with a mode', { patch: [{ ...patched, mode: '120000' }] }],
    ['a hunk at line 0', { patch: [{ ...patched, hunks: [{ ...hunk, startLine: 0 }] }] }],
    [
      'a hunk of half a character',
      { patch: [{ ...patched, hunks: [{ ...hunk, newText: '\ud83d' }] }] },
    ],
  ])('refuses %s', (_what, fields) => {
    expect(takes(fields)).toBe(false);
  });
});
