import { z } from 'zod';
import type { Finding, Severity } from '../../../../src/domain/finding.ts';
import { askPython, type PythonQuestion } from '../ask-python.ts';
import { failureMessages } from '../batch.ts';
import type { LintContext, Linter, LintOutcome } from '../linter.ts';
import { makeFinding } from '../make-finding.ts';
import { firstRepoConfig } from '../repo-config.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersions } from '../tool-version.ts';

/** Where yamllint looks for a project's configuration, in its order. */
const configNames = ['.yamllint', '.yamllint.yaml', '.yamllint.yml'];

/** What applies without one: yamllint's relaxed set, but nobody is told about long lines. */
const ownConfig = 'extends: relaxed\nrules: {line-length: disable}\n';

/** YAML syntax and style. */
export const yamllint: Linter = {
  name: 'yamllint',
  readsGenerated: false,
  versions: (context) => toolVersions(context, ['yamllint']),
  selects: ({ path }) => /(?:\.ya?ml|(?:^|\/)\.(?:yamllint|clang-format))$/i.test(path),
  run,
};

const Problem = z.object({
  line: z.int(),
  column: z.int(),
  level: z.string().nullable(),
  rule: z.string().nullable(),
  message: z.string(),
});
type Problem = z.infer<typeof Problem>;
const Answer = z.array(Problem);

/** yamllint's documented Python interface: its line output cannot tell a hostile key from a new row. */
const program = `
from yamllint import linter
from yamllint.config import YamlLintConfig
try:
    config = YamlLintConfig(settings["config"])
except Exception as error:
    sys.exit("configuration: " + str(error).replace(chr(10), " "))
def answer(text, rules):
    path = rules[0]
    if config.is_file_ignored(path):
        return []
    return [
        {"line": p.line, "column": p.column, "level": p.level, "rule": p.rule, "message": p.desc or ""}
        for p in linter.run(text, config, path)
    ]
`;

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const byPath = new Map<string, SourceFile>(files.map((file) => [file.path, file]));
  const inputs = files.map(({ path, text }) => ({
    path,
    text: text.replace(/^\ufeff/, ''),
    rules: [path],
  }));
  const own = await firstRepoConfig(context.workspace, configNames);
  const errors: string[] = [];
  let outcome = await askPython(context, questionFor(own?.text ?? ownConfig), inputs);
  if (own !== null && outcome.values.length === 0) {
    const why = outcome.failures[0]?.why ?? 'no answer';
    outcome = await askPython(context, questionFor(ownConfig), inputs);
    errors.push(`did not accept the repository's configuration: ${why}`);
  }
  const findings = outcome.values.flatMap(({ path, value }) => {
    const file = byPath.get(path);
    return file ? value.map((problem) => findingOf(file, problem)) : [];
  });
  return {
    findings,
    errors: [...errors, ...failureMessages(outcome.failures)],
    fixable: new Map(),
  };
}

function questionFor(config: string): PythonQuestion<Problem[]> {
  return { program, settings: { config }, answer: Answer };
}

function findingOf(file: SourceFile, problem: Problem): Finding {
  // A syntax problem has no rule: it comes from the parser.
  const isSyntax = problem.rule === null;
  return makeFinding(file, {
    tool: 'yamllint',
    rule: problem.rule ?? 'syntax',
    severity: isSyntax ? 'error' : severityOf(problem.level),
    message: problem.message,
    place: problem,
    ...(isSyntax
      ? {}
      : { helpUrl: `https://yamllint.readthedocs.io/en/stable/rules.html#module-yamllint.rules` }),
  });
}

/** Style is never an error here, whatever level the repository gives it. */
function severityOf(level: string | null): Severity {
  return level === 'error' ? 'warning' : 'info';
}
