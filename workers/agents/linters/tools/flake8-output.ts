import type { Finding, Severity } from '../../../../src/domain/finding.ts';
import { columnFromBytes, columnFromCodePoints } from '../lines.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';

/** A finding with its path and flake8 code. */
export type Flake8Row = { readonly path: string; readonly code: string; readonly finding: Finding };

/** `--format` whose rows no file name and no message can forge: each begins and parts with `nonce`. */
export function flake8Format(nonce: string): string {
  return `${nonce}%(row)d|%(col)d|%(code)s|%(path)s${nonce}%(text)s`;
}

/** The rows of an output in `flake8Format(nonce)`; null when something else is between them. */
export function readFlake8Output(
  stdout: string,
  nonce: string,
  files: readonly SourceFile[],
): Flake8Row[] | null {
  const byPath = new Map<string, SourceFile>(files.map((file) => [`./${file.path}`, file]));
  const parts = stdout.split(nonce);
  if (parts[0]?.trim() !== '' || parts.length % 2 !== 1) return null;
  const rows: Flake8Row[] = [];
  for (let at = 1; at < parts.length; at += 2) {
    const match = /^(\d{1,9})\|(\d{1,9})\|([A-Z]{1,3}\d{1,4})\|(.*)$/s.exec(parts[at] ?? '');
    const file = byPath.get(match?.[4] ?? '');
    if (match?.[3] === undefined || file === undefined) return null;
    const [, line, column, code] = match;
    const finding = makeFinding(file, {
      tool: 'flake8',
      rule: code,
      severity: flake8Severity(code),
      message: (parts[at + 1] ?? '').trim(),
      ...columnsOf(code, Number(line), Number(column)),
    });
    rows.push({ path: file.path, code, finding });
  }
  return rows;
}

/** Broken at run time: syntax (E9), wrong comparisons and formats (F63, F7), undefined names (F82). */
function flake8Severity(code: string): Severity {
  if (/^(?:E9|F63|F7|F82)/.test(code)) return 'error';
  return /^F|^E7[12]|^W6/.test(code) ? 'warning' : 'info';
}

/** pyflakes and mccabe count UTF-8 bytes, pycodestyle code points; E9 columns are not to be relied on. */
function columnsOf(code: string, line: number, column: number) {
  if (code.startsWith('E9')) return { place: { line } };
  const unit = /^[FC]/.test(code) ? columnFromBytes : columnFromCodePoints;
  return { place: { line, column }, unit };
}
