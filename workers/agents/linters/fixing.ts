import type { LintContext, Linter } from './linter.ts';
import { keepTouchedHunks, type TouchedText } from './restrict.ts';
import type { SourceFile } from './source-file.ts';

/** A linter that can mend, with what it found fixable: path → rules. */
export type Fixer = {
  readonly linter: Linter;
  readonly context: LintContext;
  readonly fixable: ReadonlyMap<string, readonly string[]>;
};

/** A trouble of a tool, in words. */
export type ToolError = { readonly tool: string; readonly message: string };

/** New texts by path, of the files that change, and what went wrong on the way. */
export type FixedTexts = {
  readonly texts: ReadonlyMap<string, string>;
  readonly errors: readonly ToolError[];
};

/**
 * Lets every fixer work on the texts, one after the other, each restricted to the lines of the pull
 * request. A file whose result changes again when the fixers see it a second time, or that they
 * cannot see again, is given back unchanged: tools that disagree, or need rounds, do not get to write.
 */
export async function fixTexts(
  files: readonly SourceFile[],
  fixers: readonly Fixer[],
): Promise<FixedTexts> {
  const first = await applyFixers(files, fixers, startTexts(files));
  const changed = files.filter((file) => first.texts.get(file.path)?.text !== file.text);
  const second = await applyFixers(changed, fixers, first.texts);
  const errors = [...first.errors, ...second.errors];
  const texts = new Map<string, string>();
  for (const { path } of changed) {
    const text = first.texts.get(path)?.text;
    const settles = second.texts.get(path)?.text === text && !second.unseen.has(path);
    if (text !== undefined && settles) texts.set(path, text);
    else {
      const message = `fixes of ${JSON.stringify(path)} do not settle; the file is left as it is`;
      errors.push({ tool: 'linters', message });
    }
  }
  return { texts, errors };
}

function startTexts(files: readonly SourceFile[]): Map<string, TouchedText> {
  return new Map(
    files.map((file) => [
      file.path,
      { text: file.text, added: file.isNew ? file.lines.map(() => true) : file.added },
    ]),
  );
}

/** One round of all fixers. `unseen` are paths that a fixer should have dealt with and did not. */
type Round = {
  readonly texts: Map<string, TouchedText>;
  readonly unseen: Set<string>;
  readonly errors: ToolError[];
};

async function applyFixers(
  files: readonly SourceFile[],
  fixers: readonly Fixer[],
  start: ReadonlyMap<string, TouchedText>,
): Promise<Round> {
  const round: Round = { texts: new Map(start), unseen: new Set(), errors: [] };
  for (const fixer of fixers) await applyFixer(files, fixer, round);
  return round;
}

async function applyFixer(
  files: readonly SourceFile[],
  { linter, context, fixable }: Fixer,
  { texts, unseen, errors }: Round,
): Promise<void> {
  const drafts = files.flatMap((file) => {
    const rules = fixable.get(file.path);
    const touched = texts.get(file.path);
    return rules && touched ? [{ file, text: touched.text, rules }] : [];
  });
  if (linter.fix === undefined || drafts.length === 0) return;
  const outcome = await linter.fix(drafts, context);
  const fail = (message: string): void => void errors.push({ tool: linter.name, message });
  outcome.errors.forEach(fail);
  for (const { path } of drafts.map(({ file }) => file)) {
    const before = texts.get(path);
    const text = outcome.texts.get(path);
    if (before === undefined || text === undefined) unseen.add(path);
    else {
      const kept = keepTouchedHunks(before, text, linter.mendsLineByLine);
      if (kept === null) fail(`its fix of ${JSON.stringify(path)} is a rewrite and was left out`);
      else texts.set(path, kept);
    }
  }
}
