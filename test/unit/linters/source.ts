import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChangedFile } from '../../../src/protocol/task-input.ts';
import { type SourceFile, sourceFile } from '../../../workers/agents/linters/source-file.ts';

/** A `SourceFile` of this text; all of its lines are added unless ranges are given. */
export function source(
  path: string,
  text: string,
  addedLines: readonly (readonly [number, number])[] = [[1, 1_000_000]],
): SourceFile {
  const change = { path, previousPath: null, status: 'modified', kind: 'text', addedLines };
  return sourceFile(ChangedFile.parse(change), text);
}

/** Captured output of a real tool. */
export function captured(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/linters', name), 'utf8');
}

/** `severity path:line:column rule` of findings, for short comparisons. */
export function brief(
  findings: readonly {
    readonly severity: string;
    readonly path: string;
    readonly rule: string;
    readonly range?:
      | { readonly startLine: number; readonly startColumn?: number | undefined }
      | undefined;
  }[],
): string[] {
  return findings.map(
    ({ severity, path, rule, range }) =>
      `${severity} ${path}:${range?.startLine ?? 0}:${range?.startColumn ?? 0} ${rule}`,
  );
}
