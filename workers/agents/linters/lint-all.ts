import type { Finding } from '../../../src/domain/finding.ts';
import type { ToolVersion } from '../../../src/protocol/agent-report.ts';
import type { ToolError } from './fixing.ts';
import type { Linter, LintOutcome } from './linter.ts';
import { oneLine } from './make-finding.ts';
import type { SourceFile } from './source-file.ts';
import type { Workplace } from './workplace.ts';

/** What all linters together found. `outcomes` keeps each linter's own, for the fixers. */
export type LintRun = {
  readonly findings: readonly Finding[];
  readonly tools: readonly ToolVersion[];
  readonly errors: readonly ToolError[];
  readonly outcomes: ReadonlyMap<Linter, LintOutcome>;
};

/** Where linters work, and who hears how far they are. */
export type LintSurroundings = {
  readonly at: Workplace;
  readonly progress?: (text: string) => void;
};

/**
 * Runs every linter that selects one of the files. A tool that is missing, or a linter that throws,
 * becomes a tool error; the others run all the same.
 */
export async function lintAll(
  linters: readonly Linter[],
  files: readonly SourceFile[],
  { at, progress = () => undefined }: LintSurroundings,
): Promise<LintRun> {
  const tools: ToolVersion[] = [];
  const errors: ToolError[] = [];
  const outcomes = new Map<Linter, LintOutcome>();
  for (const linter of linters) {
    const selected = selectFor(linter, files);
    if (selected.length === 0) continue;
    progress(`${linter.name}: ${selected.length} ${selected.length === 1 ? 'file' : 'files'}`);
    const fail = (message: string): void => void errors.push({ tool: linter.name, message });
    try {
      const context = await at(linter.name);
      const versions = await linter.versions(context);
      if (versions === null) {
        fail('is missing or does not answer; its files were not analysed');
        continue;
      }
      tools.push(...versions);
      const outcome = await linter.run(selected, context);
      outcomes.set(linter, outcome);
      outcome.errors.forEach(fail);
    } catch (error) {
      fail(`failed: ${oneLine(String(error), 300)}`);
    }
  }
  const findings = [...outcomes.values()].flatMap((outcome) => outcome.findings);
  return { findings, tools, errors, outcomes };
}

function selectFor(linter: Linter, files: readonly SourceFile[]): SourceFile[] {
  return files.filter(
    (file) => (linter.readsGenerated || file.skip === null) && linter.selects(file),
  );
}
