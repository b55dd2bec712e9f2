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
 * request. A file whose result changes again when the fixers see it a second time is given back
 * unchanged: tools that disagree, or that need several rounds, do not get to write.
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
    if (text !== undefined && second.texts.get(path)?.text === text) texts.set(path, text);
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

async function applyFixers(
  files: readonly SourceFile[],
  fixers: readonly Fixer[],
  start: ReadonlyMap<string, TouchedText>,
): Promise<{ texts: Map<string, TouchedText>; errors: ToolError[] }> {
  const texts = new Map(start);
  const errors: ToolError[] = [];
  for (const { linter, context, fixable } of fixers) {
    const drafts = files.flatMap((file) => {
      const rules = fixable.get(file.path);
      const touched = texts.get(file.path);
      return rules && touched ? [{ file, text: touched.text, rules }] : [];
    });
    if (linter.fix === undefined || drafts.length === 0) continue;
    const outcome = await linter.fix(drafts, context);
    errors.push(...outcome.errors.map((message) => ({ tool: linter.name, message })));
    for (const [path, text] of outcome.texts) {
      const before = texts.get(path);
      const kept = before && keepTouchedHunks(before, text);
      if (kept) texts.set(path, kept);
      else
        errors.push({
          tool: linter.name,
          message: `its fix of ${JSON.stringify(path)} is a rewrite and was left out`,
        });
    }
  }
  return { texts, errors };
}
