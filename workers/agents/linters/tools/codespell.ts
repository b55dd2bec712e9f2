import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchAnswer, failureMessages, inBatches } from '../batch.ts';
import { splitLines } from '../lines.ts';
import type { Draft, FixOutcome, LintContext, Linter, LintOutcome } from '../linter.ts';
import { makeFinding, oneLine } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersions } from '../tool-version.ts';
import {
  type CodespellConfig,
  findCodespellConfig,
  isSkipped,
  noCodespellConfig,
} from './codespell-config.ts';
import {
  correctLine,
  type Misspelling,
  occurrences,
  proseLines,
  readMisspelling,
} from './codespell-words.ts';

/** Common misspellings, in every kind of text file. */
export const codespell: Linter = {
  name: 'codespell',
  readsGenerated: false,
  mendsLineByLine: true,
  versions: (context) => toolVersions(context, ['codespell']),
  selects: ({ path }) => !/\.(?:svg|po|pot|ipynb|csv|tsv|lock|dic)$/i.test(path),
  run,
  fix,
};

type Text = { readonly path: string; readonly text: string };
type Found = { readonly path: string; readonly spelling: Misspelling };
type Spellings = {
  readonly values: readonly Found[];
  readonly failed: ReadonlySet<string>;
  readonly errors: readonly string[];
};

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const { values, errors } = await spell(files, context);
  const byPath = new Map<string, SourceFile>(files.map((file) => [file.path, file]));
  const fixable = new Map<string, string[]>();
  const findings = values.flatMap(({ path, spelling }) => {
    const file = byPath.get(path);
    if (file === undefined) return [];
    if (spelling.suggestion !== null) fixable.set(path, ['misspelling']);
    return findingsOf(file, spelling);
  });
  return { findings, errors, fixable };
}

function findingsOf(file: SourceFile, { line, word, offer }: Misspelling) {
  const places = occurrences(file.lines[line - 1] ?? '', word);
  return (places.length > 0 ? places : [null]).map((at) =>
    makeFinding(file, {
      tool: 'codespell',
      rule: 'misspelling',
      severity: 'info',
      message: `"${word}" is usually written "${offer}".`,
      place: at === null ? { line } : { line, column: at + 1, endColumn: at + word.length + 1 },
      unit: (_, column) => column, // already UTF-16
    }),
  );
}

async function fix(drafts: readonly Draft[], context: LintContext): Promise<FixOutcome> {
  const texts = new Map<string, string>();
  const { values, failed, errors } = await spell(
    drafts.map(({ file, text }) => ({ path: file.path, text })),
    context,
  );
  for (const { file, text } of drafts) {
    if (failed.has(file.path)) continue;
    const own = values.filter(({ path }) => path === file.path);
    texts.set(
      file.path,
      correct(
        file,
        text,
        own.map(({ spelling }) => spelling),
      ),
    );
  }
  return { texts, errors };
}

function correct(file: SourceFile, text: string, spellings: readonly Misspelling[]): string {
  const lines = text.split('\n');
  const prose = proseLines(file, splitLines(text));
  for (const { line, word, suggestion } of spellings) {
    const old = lines[line - 1];
    if (old === undefined || suggestion === null || prose[line - 1] !== true) continue;
    lines[line - 1] = correctLine(old, word, suggestion);
  }
  return lines.join('\n');
}

/** Runs codespell over copies with names of our own: no path of the repository is in its output. */
async function spell(inputs: readonly Text[], context: LintContext): Promise<Spellings> {
  const config = await findCodespellConfig(context);
  const texts = inputs.filter(({ path }) => !isSkipped(path, config.skip));
  const configs = config.flags.length > 0 ? [config, noCodespellConfig] : [config];
  const errors = new Set<string>();
  const outcome = await inBatches(texts, async (batch): Promise<BatchAnswer<Found>> => {
    let why = 'it gave no answer';
    for (const one of configs) {
      const answer = await spellBatch(batch, one, context);
      if (answer.ok && one !== config)
        errors.add(`did not accept the repository's configuration: ${why}`);
      if (answer.ok) return answer;
      why = answer.why;
    }
    return { ok: false, why };
  });
  return {
    values: outcome.values,
    failed: new Set(outcome.failures.map(({ input }) => input.path)),
    errors: [...errors, ...failureMessages(outcome.failures)],
  };
}

async function spellBatch(
  batch: readonly Text[],
  config: CodespellConfig,
  context: LintContext,
): Promise<BatchAnswer<Found>> {
  // An empty working folder: codespell would read setup.cfg and .codespellrc from the repository.
  const folder = join(context.scratch, 'codespell');
  await mkdir(folder, { recursive: true });
  for (const [index, { text }] of batch.entries())
    await writeFile(join(folder, `${index}`), plainLines(text));
  const names = batch.map((_, index) => `${index}`);
  const args = ['--disable-colors', '--quiet-level=3', ...config.flags, '--', ...names];
  const result = await context.exec({ tool: 'codespell', args, cwd: folder });
  if (!result.ok) return result;
  const rows = result.stdout.split('\n').filter((row) => row !== '');
  const spellings = rows.map(readMisspelling);
  // The exit code is the number of misspellings, modulo 256: only a message tells of a failure.
  if (spellings.includes(null) || (rows.length === 0 && result.stderr.trim() !== '')) {
    return {
      ok: false,
      why: oneLine(result.stderr.trim().split('\n').at(-1) ?? 'odd output', 300),
    };
  }
  const values = spellings.flatMap((spelling) => {
    const path = batch[Number(spelling?.name)]?.path;
    return spelling && path !== undefined ? [{ path, spelling }] : [];
  });
  return { ok: true, values };
}

/** codespell splits lines at every Unicode line end and passes over files with NUL: neither may happen. */
function plainLines(text: string): string {
  return text.replace(/(?![\t\n\r])[\p{Cc}\u2028\u2029]|\r(?!\n)/gu, ' ');
}
