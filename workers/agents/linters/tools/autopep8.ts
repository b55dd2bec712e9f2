import { z } from 'zod';
import { askPython } from '../ask-python.ts';
import { failureMessages } from '../batch.ts';
import type { Draft, FixOutcome, LintContext } from '../linter.ts';

/** White space and blank lines only: E20x-E27x, E30x, W291, W292, W293, W391. */
const safeCode = /^(?:E2[0-7]\d|E30[1-6]|W29[123]|W391)$/;

/** Does autopep8 mend this flake8 code by moving white space and nothing else? */
export function isFixableCode(code: string): boolean {
  return safeCode.test(code);
}

/**
 * autopep8's documented `fix_code`. The result counts only when Python parses both texts to the
 * same tree: trailing blanks inside a string are its value, and stay.
 */
const program = `
import ast, autopep8
def fixed(text, codes):
    return autopep8.fix_code(text, options={"select": codes, "max_line_length": 10000})
def answer(text, rules):
    try:
        tree = ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return text # flake8 has said so
    outside_strings = [code for code in rules if code not in ("W291", "W293", "W391")]
    for codes in (rules, outside_strings):
        if codes:
            after = fixed(text, codes)
            if ast.dump(ast.parse(after)) == tree:
                return after
    return text
`;

/** Mends the codes that flake8 reported for each file; a file that does not parse stays as it is. */
export async function fixPython(
  drafts: readonly Draft[],
  context: LintContext,
): Promise<FixOutcome> {
  const inputs = drafts.map(({ file, text, rules }) => ({
    path: file.path,
    text,
    rules: [...new Set(rules)].sort(),
  }));
  const question = { program, settings: null, answer: z.string() };
  const outcome = await askPython(context, question, inputs);
  return {
    texts: new Map(outcome.values.map(({ path, value }) => [path, value])),
    errors: failureMessages(outcome.failures),
  };
}
