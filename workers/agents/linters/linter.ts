import type { Finding } from '../../../src/domain/finding.ts';
import type { TaskKind } from '../../../src/domain/task.ts';
import type { ToolVersion } from '../../../src/protocol/agent-report.ts';
import type { Exec } from './exec.ts';
import type { SourceFile } from './source-file.ts';

/** What every linter is given. The folders are absolute; `scratch` is private to this run. */
export type LintContext = {
  readonly workspace: string;
  readonly scratch: string;
  readonly kind: TaskKind;
  readonly exec: Exec;
};

/** What one linter has to say. `errors` are its own troubles, in words, never the repository's. */
export type LintOutcome = {
  readonly findings: readonly Finding[];
  readonly errors: readonly string[];
  /** Path → the rules that fired there and that `fix` knows how to mend. */
  readonly fixable: ReadonlyMap<string, readonly string[]>;
};

/** A file's text on its way through the fixers; `rules` are those of `LintOutcome.fixable`. */
export type Draft = {
  readonly file: SourceFile;
  readonly text: string;
  readonly rules: readonly string[];
};

/**
 * Path → the text that a fixer would make of the whole file, the same text when there is nothing to
 * mend. A file left out could not be dealt with: it must not pass for one that needs nothing.
 */
export type FixOutcome = {
  readonly texts: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
};

/** One analyser. It reports and proposes; it never writes into the workspace. */
export type Linter = {
  readonly name: string;
  /** Built-in security checks read generated and vendored files too: a marker must not hide them. */
  readonly readsGenerated: boolean;
  /** The tools behind it; null when one is missing or does not answer. */
  versions(context: LintContext): Promise<readonly ToolVersion[] | null>;
  /** Its fixes never move text from one line to another: neighbouring lines can be told apart. */
  readonly mendsLineByLine?: boolean;
  selects(file: SourceFile): boolean;
  run(files: readonly SourceFile[], context: LintContext): Promise<LintOutcome>;
  fix?(drafts: readonly Draft[], context: LintContext): Promise<FixOutcome>;
};
