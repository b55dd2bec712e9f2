import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../src/domain/finding.ts';
import { type Fixer, fixTexts, type ToolError } from './fixing.ts';
import { generatedReason } from './generated.ts';
import { splitLines } from './lines.ts';
import { type LintRun, lintAll } from './lint-all.ts';
import type { Linter } from './linter.ts';
import { oneLine } from './make-finding.ts';
import type { SourceFile } from './source-file.ts';
import type { Workplace } from './workplace.ts';

/**
 * Mends what can be mended safely, in place, and lints the changed files again. A file that has
 * more errors afterwards than before (half of a fix fell outside the pull request's lines) gets its
 * old text back. Returns what went wrong; a failing fixer leaves every file as it was.
 */
export async function fixAll(
  run: LintRun,
  files: readonly SourceFile[],
  { workspace, at }: { readonly workspace: string; readonly at: Workplace },
): Promise<readonly ToolError[]> {
  try {
    const touched = files.filter(({ added, isNew }) => isNew || added.includes(true));
    const { texts, errors } = await fixTexts(touched, await fixersOf(run, at));
    const changed = files.flatMap((file) => {
      const text = texts.get(file.path);
      return text === undefined ? [] : [withText(file, text)];
    });
    for (const { path, text } of changed) await overwrite(join(workspace, path), text);
    const worse = await worsened(run, changed, at);
    for (const file of files.filter(({ path }) => worse.has(path)))
      await overwrite(join(workspace, file.path), file.text);
    return [...errors, ...[...worse].map(undone)];
  } catch (error) {
    return [{ tool: 'linters', message: `fixes failed: ${oneLine(String(error), 300)}` }];
  }
}

async function fixersOf(run: LintRun, at: Workplace): Promise<Fixer[]> {
  const fixers: Fixer[] = [];
  for (const [linter, { fixable }] of run.outcomes) {
    if (linter.fix === undefined || fixable.size === 0) continue;
    fixers.push({ linter, context: await at(linter.name), fixable });
  }
  return fixers;
}

function withText(file: SourceFile, text: string): SourceFile {
  const lines = splitLines(text);
  return { ...file, text, lines, skip: generatedReason(file.path, lines) };
}

/** Paths of the changed files that a fixing linter now finds more errors in, or cannot read any more. */
async function worsened(
  before: LintRun,
  changed: readonly SourceFile[],
  at: Workplace,
): Promise<Set<string>> {
  if (changed.length === 0) return new Set();
  const linters = [...before.outcomes.keys()].filter(hasFix);
  const after = await lintAll(linters, changed, { at });
  if (after.errors.length > before.errors.length) return new Set(changed.map(({ path }) => path));
  const old = errorCounts(before.findings);
  const now = errorCounts(after.findings);
  return new Set([...now].flatMap(([path, count]) => (count > (old.get(path) ?? 0) ? [path] : [])));
}

function hasFix(linter: Linter): boolean {
  return linter.fix !== undefined;
}

function errorCounts(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path, severity } of findings) {
    if (severity === 'error') counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return counts;
}

function undone(path: string): ToolError {
  const message = `fixes of ${JSON.stringify(path)} made new errors; the file is left as it is`;
  return { tool: 'linters', message };
}

async function overwrite(path: string, text: string): Promise<void> {
  // The mode stays; a link put there meanwhile is not followed.
  const flags = constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW;
  const handle = await open(path, flags);
  try {
    await handle.writeFile(text, 'utf8');
  } finally {
    await handle.close();
  }
}
