import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentReport } from '../../../src/protocol/agent-report.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { chooseFindings, isWorthReporting } from './choose-findings.ts';
import { fixAll } from './fix-all.ts';
import { lintAll } from './lint-all.ts';
import type { Linter } from './linter.ts';
import { registry } from './registry.ts';
import { skipNotes } from './skip-notes.ts';
import { readSourceFiles } from './source-file.ts';
import { fitToolErrors } from './tool-errors.ts';
import { workplace } from './workplace.ts';

/** Where a run reads and writes. Only arguments set these: the environment belongs to the repository's code. */
export type RunOptions = {
  readonly workspace: string;
  readonly taskFile: string;
  readonly outFile: string;
  /** Parent of a folder that the run creates and removes. */
  readonly scratchParent?: string;
  /** `PATH` of the tools. */
  readonly toolPath?: string;
  readonly linters?: readonly Linter[];
  readonly nowMs?: () => number;
  readonly progress?: (text: string) => void;
};

/**
 * Lints the files that the pull request touches, mends in place what is safe to mend, and writes
 * the report. The same input gives the same bytes: nothing of the machine, the time or the order
 * in which tools answer is in them. A tool that fails is named in the report and fails nothing.
 *
 * @throws when the task file is not a `TaskInput` or the report cannot be written.
 */
export async function runLinters(options: RunOptions): Promise<AgentReport> {
  const task = TaskInput.parse(JSON.parse(await readFile(options.taskFile, 'utf8')));
  const scratch = await mkdtemp(join(options.scratchParent ?? '/tmp', 'linters-'));
  try {
    const report = await reportOn(task, options, scratch);
    await writeFile(options.outFile, `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function reportOn(
  task: TaskInput,
  options: RunOptions,
  scratch: string,
): Promise<AgentReport> {
  const { workspace, progress = () => undefined } = options;
  const at = workplace({
    workspace,
    scratch,
    toolPath: options.toolPath ?? '/usr/local/bin:/usr/bin:/bin',
    kind: task.kind,
    agentMs: task.limits.agentMs,
    nowMs: options.nowMs ?? (() => performance.now()),
  });
  const { files, skipped } = await readSourceFiles(workspace, task.changedFiles);
  const run = await lintAll(options.linters ?? registry, files, { at, progress });
  progress('fixes');
  const fixErrors = await fixAll(run, files, { workspace, at });
  const byPath = new Map<string, (typeof files)[number]>(files.map((file) => [file.path, file]));
  const worthwhile = run.findings.filter((finding) => {
    const file = byPath.get(finding.path);
    return file !== undefined && isWorthReporting(finding, file);
  });
  const chosen = chooseFindings(
    [...worthwhile, ...skipNotes(files, skipped)],
    task.limits.findings,
  );
  const cutNote = { tool: 'linters', message: `${chosen.cut} more findings were cut` };
  const errors = [...(chosen.cut > 0 ? [cutNote] : []), ...run.errors, ...fixErrors];
  return AgentReport.parse({
    findings: chosen.findings,
    tools: run.tools,
    toolErrors: fitToolErrors(errors, [scratch, workspace]),
  });
}
