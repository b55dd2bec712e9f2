import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchAnswer, failureMessages, inBatches } from '../batch.ts';
import { isOnAddedLine } from '../choose-findings.ts';
import type { ExecResult } from '../exec.ts';
import type { Draft, FixOutcome, LintContext, Linter, LintOutcome } from '../linter.ts';
import { oneLine } from '../make-finding.ts';
import { firstRepoConfig } from '../repo-config.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersions } from '../tool-version.ts';
import { type BiomeDiagnostic, readBiomeOutput } from './biome-output.ts';

const configNames = ['biome.json', 'biome.jsonc', '.biome.json', '.biome.jsonc'];

/**
 * JavaScript, TypeScript, JSON, CSS and GraphQL. Safe lint fixes always; formatting and import order only
 * where the repository has a Biome configuration of its own.
 */
export const biome: Linter = {
  name: 'biome',
  readsGenerated: false,
  versions: (context) => toolVersions(context, ['biome']),
  selects: ({ path }) => /\.(?:[cm]?[jt]s|[jt]sx|jsonc?|css|graphql|gql)$/i.test(path),
  run,
  fix,
};

/** How Biome is asked: with the repository's configuration, or with none. */
type Mode = { readonly command: 'check' | 'lint'; readonly config: readonly string[] };

async function modesOf(context: LintContext): Promise<readonly Mode[]> {
  const folder = join(context.scratch, 'biome');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'biome.json'), '{"root":true}\n');
  const bare: Mode = { command: 'lint', config: [`--config-path=${folder}`] };
  const own = await firstRepoConfig(context.workspace, configNames);
  return own === null ? [bare] : [{ command: 'check', config: [] }, bare];
}

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const modes = await modesOf(context);
  const errors = new Set<string>();
  const outcome = await inBatches(files, async (batch): Promise<BatchAnswer<BiomeDiagnostic>> => {
    let why = 'no report';
    for (const mode of modes) {
      const result = await lintBatch(batch, mode, context);
      const values = result.ok ? readBiomeOutput(result.stdout, batch) : null;
      if (values !== null) {
        if (mode !== modes[0]) errors.add(`did not accept the repository's configuration: ${why}`);
        return { ok: true, values };
      }
      why = reasonOf(result);
    }
    return { ok: false, why };
  });
  // Mending takes a process for each file: only where there is something on the lines that count.
  const mendable = outcome.values.filter(
    ({ file, finding }) => finding === null || isOnAddedLine(finding, file),
  );
  const fixable = new Map(mendable.map(({ file }) => [file.path, ['any']] as const));
  return {
    findings: outcome.values.flatMap(({ finding }) => finding ?? []),
    errors: [...errors, ...failureMessages(outcome.failures)],
    fixable,
  };
}

function lintBatch(
  batch: readonly SourceFile[],
  mode: Mode,
  context: LintContext,
): Promise<ExecResult> {
  const options = ['--reporter=json', '--max-diagnostics=none', '--no-errors-on-unmatched'];
  const paths = batch.map(({ path }) => `./${path}`);
  return context.exec({
    tool: 'biome',
    args: [mode.command, ...options, '--colors=off', ...mode.config, '--', ...paths],
    cwd: context.workspace,
  });
}

async function fix(drafts: readonly Draft[], context: LintContext): Promise<FixOutcome> {
  const modes = await modesOf(context);
  const texts = new Map<string, string>();
  const errors: string[] = [];
  for (const draft of drafts) {
    const text = await fixOne(draft, modes, context);
    if (text === null) errors.push(`could not fix ${JSON.stringify(draft.file.path)}`);
    else texts.set(draft.file.path, text);
  }
  return { texts, errors: errors.slice(0, 10) };
}

async function fixOne(
  { file, text }: Draft,
  modes: readonly Mode[],
  context: LintContext,
): Promise<string | null> {
  for (const mode of modes) {
    const result = await context.exec({
      tool: 'biome',
      args: [mode.command, '--write', ...mode.config, `--stdin-file-path=./${file.path}`],
      cwd: context.workspace,
      stdin: text,
    });
    // Nothing on stdout for a file that has text is a refusal, not an instruction to empty it.
    if (result.ok && result.code === 0 && result.stdout !== '') return result.stdout;
  }
  return null;
}

function reasonOf(result: ExecResult): string {
  if (!result.ok) return result.why;
  const complaint = /×\s*(.+)/.exec(result.stderr)?.[1];
  return complaint === undefined ? `no report, exit code ${result.code}` : oneLine(complaint, 300);
}
