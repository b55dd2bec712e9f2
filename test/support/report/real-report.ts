import { readFileSync } from 'node:fs';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { FakeSource } from '../fakes/fake-source.ts';
import { baseSha, headSha } from '../fakes/world.ts';
import { manifest } from '../wire/hostile-sandbox.ts';
import { readLeft } from './left-report.ts';

const folder = new URL('../../fixtures/reports/', import.meta.url);

/** A recorded report, or a file that one was made of (`test/fixtures/reports`). */
export function recorded(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/**
 * What the control plane makes of files that an agent left for it, over a head tree of these texts: findings with
 * the text that their columns mark, and the changed files.
 */
export async function takenFrom(
  left: Readonly<Record<string, string>>,
  head: Readonly<Record<string, string>>,
) {
  const source = new FakeSource();
  for (const [path, text] of Object.entries(head)) source.head.set(path, { kind: 'file', text });
  const location = { mirrorKey: '7', url: 'x', token: null };
  const limits = { inputFileBytes: 1, workspaceBytes: 1 };
  const { signal } = new AbortController();
  const snapshot = await source.snapshot(location, { headSha, baseSha }, limits, signal);
  const result = ResultManifest.parse({ ...manifest, ...readLeft(left) });
  const checked = await checkResult(snapshot, { manifest: result, files: new Map() });
  return {
    findings: checked.findings,
    rows: checked.findings.map((one) => [
      one.rule,
      one.severity,
      markedText(one, head[one.path] ?? ''),
    ]),
    files: Object.fromEntries(
      checked.files.map(({ path, after }) => [path, after && Buffer.from(after).toString()]),
    ),
    refused: checked.refused,
    toolErrors: result.report?.toolErrors,
  };
}

/** The text between a finding's columns, or from its start column to the end of the line; else its lines. */
function markedText({ range }: Finding, text: string): unknown {
  if (range?.startColumn === undefined) return range ?? 'the file';
  const line = text.split('\n')[range.startLine - 1] ?? '';
  return line.slice(range.startColumn - 1, range.endColumn && range.endColumn - 1);
}
