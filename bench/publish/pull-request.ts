import type { Finding } from '../../src/domain/finding.ts';
import { RepoPath } from '../../src/domain/repo-path.ts';
import type { FileSides } from '../../src/report/patch-text.ts';

/** A pull request, what an agent found in it, and the files as it left them. */
export interface PlayedPullRequest {
  /** As `git diff` prints it. */
  readonly diff: Uint8Array;
  readonly findings: readonly Finding[];
  readonly files: ReadonlyMap<string, FileSides>;
}

/** Every fifth line that the pull request writes has a finding, and the agent's own text in its place. */
const linesPerFinding = 5;
/** Lines that give way to as many new ones in a row, and unchanged ones between two rows: more than git's context, so rows are hunks. */
const [rowLength, gapLength] = [40, 20];
const context = 3;

/** `lines` changed lines, half of them removed and half added, in `count` files of one length; the same each time. */
export function playPullRequest(lines: number, count: number): PlayedPullRequest {
  const findings: Finding[] = [];
  const files = new Map<string, FileSides>();
  const diff: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const path = RepoPath.parse(`src/module-${String(at).padStart(3, '0')}.ts`);
    const rows = Math.ceil(lines / count / (2 * rowLength));
    const head = headFile(rows);
    const changed = changedLines(rows);
    const fixed = new Map<number, string>();
    for (const [place, line] of changed.entries()) {
      if (place % linesPerFinding !== 0) continue;
      fixed.set(line, `  return fixed(${line}, "${'v'.repeat(place % 30)}");\n`);
      findings.push(findingOn(path, line));
    }
    const after = head.map((text, index) => fixed.get(index + 1) ?? text);
    files.set(path, { before: Buffer.from(head.join('')), after: Buffer.from(after.join('')) });
    diff.push(diffOf(path, head, rows));
  }
  return { diff: Buffer.from(diff.join('')), findings, files };
}

function headFile(rows: number): string[] {
  return Array.from({ length: rows * (rowLength + gapLength) + gapLength }, (_, at) =>
    at % 9 === 8 ? '}\n' : `  return call(${at}, "${'x'.repeat(at % 40)}");\n`,
  );
}

/** 1-based. */
function changedLines(rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => firstOf(row)).flatMap((first) =>
    Array.from({ length: rowLength }, (_, at) => first + at),
  );
}

function firstOf(row: number): number {
  return gapLength + row * (rowLength + gapLength) + 1;
}

function findingOn(path: RepoPath, line: number): Finding {
  return {
    tool: 'bench',
    rule: `rule-${line % 50}`,
    severity: line % 3 === 0 ? 'error' : 'warning',
    path,
    range: { startLine: line, endLine: line },
    message: `The value on line ${line} is never read; *return* what \`fixed\` gives.`,
  };
}

function diffOf(path: string, head: readonly string[], rows: number): string {
  const hunks = Array.from({ length: rows }, (_, row) => {
    const first = firstOf(row);
    const [from, to] = [first - context, first + rowLength + context];
    const length = to - from;
    const part = (start: number, end: number, mark: string) =>
      head.slice(start - 1, end - 1).map((text) => `${mark}${text}`);
    const removed = head.slice(first - 1, first - 1 + rowLength).map((text) => `-old${text}`);
    return [
      `@@ -${from},${length} +${from},${length} @@\n`,
      ...part(from, first, ' '),
      ...removed,
      ...part(first, first + rowLength, '+'),
      ...part(first + rowLength, to, ' '),
    ].join('');
  });
  return `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}
