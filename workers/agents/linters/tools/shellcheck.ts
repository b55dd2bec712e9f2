import { failureMessages, inBatches } from '../batch.ts';
import type { LintContext, Linter, LintOutcome } from '../linter.ts';
import { makeFinding } from '../make-finding.ts';
import type { SourceFile } from '../source-file.ts';
import { toolVersions } from '../tool-version.ts';
import { fixShell, isFixableCode } from './shellcheck-fix.ts';
import {
  readShellcheckOutput,
  type ShellcheckComment,
  shellcheckSeverity,
} from './shellcheck-output.ts';
import { findShellcheckRc, isDisabled, type ShellcheckRc } from './shellcheck-rc.ts';

/** Shell scripts, by extension or shebang. */
export const shellcheck: Linter = {
  name: 'shellcheck',
  readsGenerated: false,
  mendsLineByLine: true,
  versions: (context) => toolVersions(context, ['shellcheck']),
  selects: isShellScript,
  run,
  fix: fixShell,
};

type Script = { readonly file: SourceFile; readonly path: string; readonly rc: ShellcheckRc };

/** Does shellcheck understand this file? zsh and fish it does not. */
function isShellScript({ path, lines }: SourceFile): boolean {
  const shebang = /^#!\s*\S*\/(?:env\s+(?:-S\s+)?)?(\w+)/.exec(lines[0]?.slice(0, 200) ?? '')?.[1];
  if (shebang !== undefined) return /^(?:ba|da|k|a)?sh$/.test(shebang);
  return /\.(?:sh|bash|dash|ksh|bats)$/i.test(path);
}

async function run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome> {
  const groups = new Map<string, Script[]>();
  for (const file of files) {
    const rc = await findShellcheckRc(context.workspace, file.path);
    const key = flagsOf(rc).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), { file, path: file.path, rc }]);
  }
  const outcomes: LintOutcome[] = [];
  for (const scripts of groups.values()) outcomes.push(await runGroup(scripts, context));
  return {
    findings: outcomes.flatMap(({ findings }) => findings),
    errors: outcomes.flatMap(({ errors }) => errors),
    fixable: new Map(outcomes.flatMap(({ fixable }) => [...fixable])),
  };
}

/** `--norc`: what the repository's file may say has been read already, see `ShellcheckRc`. */
function flagsOf({ enable, shell }: ShellcheckRc): string[] {
  return [
    '--norc',
    '--format=json1',
    ...(enable.length > 0 ? [`--enable=${enable.join(',')}`] : []),
    ...(shell === null ? [] : [`--shell=${shell}`]),
  ];
}

async function runGroup(scripts: readonly Script[], context: LintContext): Promise<LintOutcome> {
  const flags = flagsOf(scripts[0]?.rc ?? { disabled: [], enable: [], shell: null });
  const outcome = await inBatches(scripts, async (batch) => {
    const paths = batch.map(({ path }) => `./${path}`);
    const args = [...flags, '--', ...paths];
    const result = await context.exec({ tool: 'shellcheck', args, cwd: context.workspace });
    if (!result.ok) return result;
    const values = result.code <= 1 ? readShellcheckOutput(result.stdout) : null;
    return values ? { ok: true, values } : { ok: false, why: `exit code ${result.code}` };
  });
  return { ...outcomeOf(outcome.values, scripts), errors: failureMessages(outcome.failures) };
}

function outcomeOf(
  comments: readonly ShellcheckComment[],
  scripts: readonly Script[],
): Pick<LintOutcome, 'findings' | 'fixable'> {
  const byPath = new Map(scripts.map((script) => [`./${script.path}`, script]));
  const findings: LintOutcome['findings'][number][] = [];
  const fixable = new Map<string, string[]>();
  for (const comment of comments) {
    const script = byPath.get(comment.file);
    if (script === undefined || isDisabled(script.rc, comment.code)) continue;
    findings.push(
      makeFinding(script.file, {
        tool: 'shellcheck',
        rule: `SC${comment.code}`,
        severity: shellcheckSeverity(comment.level, comment.code),
        message: comment.message,
        place: comment,
        helpUrl: `https://www.shellcheck.net/wiki/SC${comment.code}`,
      }),
    );
    if (comment.fix !== null && isFixableCode(comment.code)) {
      fixable.set(script.path, [...(fixable.get(script.path) ?? []), `SC${comment.code}`]);
    }
  }
  return { findings, fixable };
}
