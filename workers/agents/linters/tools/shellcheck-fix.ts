import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { failureMessages, inBatches } from '../batch.ts';
import { columnFromCodePoints } from '../lines.ts';
import type { Draft, FixOutcome, LintContext } from '../linter.ts';
import { type Replacement, readShellcheckOutput } from './shellcheck-output.ts';

/** Rewrites that mean the same: backticks as `$(…)`. */
const sameMeaning: readonly number[] = [2006];

/** Quoting and `|| exit` change what runs: a person sees them as a suggestion, a fix task leaves them. */
const suggestionOnly: readonly number[] = [2086, 2164];

const maxRounds = 10;

/** Is shellcheck's own replacement for this code ever used? */
export function isFixableCode(code: number): boolean {
  return sameMeaning.includes(code) || suggestionOnly.includes(code);
}

/** Applies shellcheck's replacements until none is left; reads copies under names of our own. */
export async function fixShell(
  drafts: readonly Draft[],
  context: LintContext,
): Promise<FixOutcome> {
  const folder = join(context.scratch, 'shellcheck');
  await mkdir(folder, { recursive: true });
  const texts = new Map(drafts.map(({ file, text }) => [file.path as string, text]));
  const errors: string[] = [];
  let pending = [...drafts];
  for (let round = 0; round < maxRounds && pending.length > 0; round += 1) {
    const named = pending.map((draft, index) => ({
      draft,
      path: draft.file.path,
      name: nameOf(draft, index),
    }));
    for (const { name, path } of named) await writeFile(join(folder, name), texts.get(path) ?? '');
    const outcome = await inBatches(named, async (batch) => {
      const args = ['--norc', '--format=json1', '--', ...batch.map(({ name }) => name)];
      const result = await context.exec({ tool: 'shellcheck', args, cwd: folder });
      const values = result.ok && result.code <= 1 ? readShellcheckOutput(result.stdout) : null;
      return values ? { ok: true, values } : { ok: false, why: 'could not be fixed' };
    });
    errors.push(...failureMessages(outcome.failures));
    for (const { input } of outcome.failures) texts.delete(input.path);
    pending = named.flatMap(({ draft, path, name }) => {
      const fixes = outcome.values.flatMap(({ file, code, fix }) =>
        file === name && fix !== null && mayApply(draft, code, context) ? [fix.replacements] : [],
      );
      const before = texts.get(path);
      if (before === undefined) return [];
      const after = applyFixes(before, fixes);
      texts.set(path, after);
      return after === before ? [] : [draft];
    });
  }
  return { texts, errors: [...new Set(errors)] };
}

function nameOf({ file }: Draft, index: number): string {
  const extension = extname(file.path).toLowerCase();
  return `${index}${/^\.(?:sh|bash|dash|ksh|bats)$/.test(extension) ? extension : ''}`;
}

function mayApply(draft: Draft, code: number, context: LintContext): boolean {
  if (!draft.rules.includes(`SC${code}`)) return false;
  return sameMeaning.includes(code) || (context.kind === 'review' && suggestionOnly.includes(code));
}

/**
 * The text with these fixes applied, each whole or not at all; of two that overlap the earlier one.
 * A fix that removes a backtick is left out when a backslash stands inside: escapes differ there.
 */
export function applyFixes(text: string, fixes: readonly (readonly Replacement[])[]): string {
  const starts = lineStarts(text);
  const spans = fixes.map((fix) => fix.map((part) => spanOf(text, starts, part)));
  const chosen: { start: number; end: number; text: string }[] = [];
  let free = 0;
  for (const parts of spans.sort((a, b) => (a[0]?.start ?? 0) - (b[0]?.start ?? 0))) {
    parts.sort((a, b) => a.start - b.start);
    const start = parts[0]?.start ?? 0;
    const end = Math.max(...parts.map((part) => part.end));
    const inside = text.slice(start, end);
    if (start < free || (inside.startsWith('`') && inside.includes('\\'))) continue;
    chosen.push(...parts);
    free = end + 1;
  }
  return chosen.reduceRight(
    (out, part) => out.slice(0, part.start) + part.text + out.slice(part.end),
    text,
  );
}

function spanOf(text: string, starts: readonly number[], part: Replacement) {
  const at = (line: number, column: number): number => {
    const start = starts[line - 1] ?? text.length;
    const content = text.slice(start, starts[line] ?? text.length);
    return start + columnFromCodePoints(content, column) - 1;
  };
  return {
    start: at(part.line, part.column),
    end: at(part.endLine, part.endColumn),
    text: part.replacement,
  };
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
