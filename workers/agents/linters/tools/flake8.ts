import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchAnswer, failureMessages, inBatches } from '../batch.ts';
import type { LintContext, Linter, LintOutcome } from '../linter.ts';
import { oneLine } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersions } from '../tool-version.ts';
import { fixPython, isFixableCode } from './autopep8.ts';
import { findFlake8Config, ownFlake8Config } from './flake8-config.ts';
import { type Flake8Row, flake8Format, readFlake8Output } from './flake8-output.ts';

/** Python, linted by flake8 and mended by autopep8. */
export const flake8: Linter = {
  name: 'flake8',
  readsGenerated: false,
  mendsLineByLine: true,
  versions: (context) => toolVersions(context, ['flake8', 'autopep8']),
  selects: isPython,
  run,
  fix: fixPython,
};

function isPython({ path, lines }: SourceFile): boolean {
  return (
    /\.pyi?$/i.test(path) || /^#!\s*\S*\/(?:env\s+)?python3?\b/.test(lines[0]?.slice(0, 200) ?? '')
  );
}

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const config = await findFlake8Config(context.workspace);
  const configs = config.isOwn ? [config] : [config, ownFlake8Config];
  const errors = new Set(config.notes);
  const outcome = await inBatches(files, async (batch): Promise<BatchAnswer<Flake8Row>> => {
    let answer = await runBatch(batch, config.text, context);
    for (const other of configs.slice(1)) {
      if (answer.ok) break;
      const { why } = answer;
      answer = await runBatch(batch, other.text, context);
      if (answer.ok) errors.add(`did not accept the repository's configuration: ${why}`);
    }
    return answer;
  });
  const fixable = new Map<string, string[]>();
  for (const { path, code } of outcome.values) {
    if (isFixableCode(code)) fixable.set(path, [...(fixable.get(path) ?? []), code]);
  }
  return {
    findings: outcome.values.map(({ finding }) => finding),
    errors: [...errors, ...failureMessages(outcome.failures)],
    fixable,
  };
}

async function runBatch(
  batch: readonly SourceFile[],
  config: string,
  context: LintContext,
): Promise<BatchAnswer<Flake8Row>> {
  const configFile = join(context.scratch, 'flake8.cfg');
  await writeFile(configFile, config);
  // Not seen by whoever wrote the files, so that no name and no message can look like a row.
  const nonce = randomBytes(16).toString('hex');
  const options = [`--config=${configFile}`, `--format=${flake8Format(nonce)}`, '--jobs=1'];
  const paths = batch.map(({ path }) => `./${path}`);
  const result = await context.exec({
    tool: 'flake8',
    args: [...options, '--', ...paths],
    cwd: context.workspace,
  });
  if (!result.ok) return result;
  const values = result.code <= 1 ? readFlake8Output(result.stdout, nonce, batch) : null;
  if (values !== null && (result.code === 0) === (values.length === 0)) return { ok: true, values };
  const complaint = result.stderr.trim().split('\n').at(-1) ?? '';
  return { ok: false, why: oneLine(`exit code ${result.code} ${complaint}`, 300) };
}
