import { z } from 'zod';
import { askPython } from '../ask-python.ts';
import { failureMessages } from '../batch.ts';
import type { LintContext, Linter, LintOutcome } from '../linter.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersion } from '../tool-version.ts';

/** TOML syntax, by the parser of Python's standard library (3.11 and later). */
export const toml: Linter = {
  name: 'toml',
  readsGenerated: false,
  versions: async (context) => {
    const python = await toolVersion(context, 'python3');
    return python === null ? null : [python];
  },
  selects: ({ path }) => /\.toml$/i.test(path),
  run,
};

const program = `
import tomllib
def answer(text, rules):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
    return None
`;

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const byPath = new Map<string, SourceFile>(files.map((file) => [file.path, file]));
  const question = { program, settings: null, answer: z.string().nullable() };
  const inputs = files.map(({ path, text }) => ({ path, text: text.replace(/^\ufeff/, '') }));
  const outcome = await askPython(context, question, inputs);
  const findings = outcome.values.flatMap(({ path, value }) => {
    const file = byPath.get(path);
    return file === undefined || value === null ? [] : syntaxError(file, value);
  });
  return { findings, errors: failureMessages(outcome.failures), fixable: new Map() };
}

/** The place is in the words: `… (at line 3, column 5)` or `… (at end of document)`. */
export function syntaxError(file: SourceFile, message: string) {
  const at = / \(at (?:line (\d{1,8}), column (\d{1,8})|end of document)\)$/.exec(message);
  const line = at?.[1] === undefined ? file.lines.length : Number(at[1]);
  return makeFinding(file, {
    tool: 'toml',
    rule: 'syntax',
    severity: 'error',
    message: at === null ? message : message.slice(0, at.index),
    place: { line, column: at?.[2] === undefined ? undefined : Number(at[2]) },
  });
}
