import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { headSnapshot } from '../../../src/doctor/head-snapshot.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { SourceSnapshot } from '../../../src/ports/source.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest, write } from '../../support/wire/hostile-sandbox.ts';

const steering = RepoPath.parse('CLAUDE.md');
const other = RepoPath.parse('src/a.ts');

/** The head has another text than the agent was given. */
function snapshot(): SourceSnapshot {
  const head = headSnapshot({ 'CLAUDE.md': 'evil\n', 'src/a.ts': 'a\n' });
  return {
    ...head,
    isSteerable: true,
    replaced: [
      { path: steering, what: 'base' },
      // Imported by it, and as the head has it: the agent's to change.
      { path: other, what: 'head' },
    ],
  };
}

function check(
  change: Partial<Record<keyof ResultManifest, unknown>>,
  files: [RepoPath, string][] = [],
) {
  const bytes = files.map(([path, text]) => [path, Buffer.from(text)] as const);
  return checkResult(snapshot(), {
    manifest: ResultManifest.parse({ ...manifest, ...change }),
    files: new Map(bytes),
  });
}

describe('a file that steers agents and was given as the base branch has it', () => {
  it('is never changed: the agent had another one', async () => {
    const changes = [write(steering, 5), write(other, 2)];
    const checked = await check({ changes }, [
      [steering, 'good\n'],
      [other, 'b\n'],
    ]);
    expect(checked.refused).toEqual([{ path: steering, reason: 'steering' }]);
    expect(checked.files.map(({ path }) => path)).toEqual([other]);
  });

  it('is never made: the next agent would obey it', async () => {
    const path = RepoPath.parse('lib/.mcp.json');
    const changes = [write(path, 3)];
    const checked = await check({ changes }, [[path, '{}\n']]);
    expect(checked).toMatchObject({ files: [], refused: [{ path, reason: 'steering' }] });
    const byLinter = { ...snapshot(), isSteerable: false };
    const result = { manifest: ResultManifest.parse({ ...manifest, changes }) };
    const files = new Map([[path, Buffer.from('{}\n')]]);
    expect((await checkResult(byLinter, { ...result, files })).refused).toEqual([]);
  });

  it('is never deleted, nor changed by a fix', async () => {
    const deleted = await check({ changes: [{ kind: 'delete', path: steering }] });
    expect(deleted.refused).toEqual([{ path: steering, reason: 'steering' }]);
    const edits = [{ startLine: 1, startColumn: 1, endLine: 1, newText: 'x' }];
    const findings = [{ ...sampleFinding(), path: steering, fix: { edits } }];
    const fixed = await check({ report: { findings, tools: [], toolErrors: [] } });
    expect(fixed).toMatchObject({ files: [], refused: [] });
  });

  it('is not taken for deleted where the agent was killed: its adapter had set it aside', async () => {
    const agent = { exitCode: null, signal: 'SIGKILL', timedOut: true };
    const changes = [{ kind: 'delete', path: steering }, write(other, 2)];
    const checked = await check({ agent, changes }, [[other, 'b\n']]);
    expect(checked).toMatchObject({ files: [{ path: other }], refused: [] });
    const written = await check({ agent, changes: [write(steering, 5)] }, [[steering, 'good\n']]);
    expect(written.refused).toEqual([{ path: steering, reason: 'steering' }]);
  });

  it('has findings on the file alone', async () => {
    const range = { startLine: 1, endLine: 1 };
    const findings = [steering, other].map((path) => ({ ...sampleFinding(), path, range }));
    const checked = await check({ report: { findings, tools: [], toolErrors: [] } });
    expect(checked.findings.map((one) => [one.path, one.range])).toEqual([
      [steering, undefined],
      [other, range],
    ]);
  });

  it('keeps the reason of a change that the sandbox itself refused', async () => {
    const changes = [{ kind: 'refused', path: steering, reason: 'symlink' }] as const;
    expect((await check({ changes: [...changes] })).refused).toEqual([
      { path: steering, reason: 'symlink' },
    ]);
  });
});
