import { isUtf8 } from 'node:buffer';
import { ZodError } from 'zod';
import { AgentReport, patchName } from '../../../src/protocol/agent-report.ts';
import type { PatchedFile } from '../../../src/protocol/patched-file.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import type { RootExit } from '../exec-record/exec-recorder.ts';
import type { Places } from '../places.ts';
import { readRdjson, readRdjsonl } from './rdjson/read-rdjson.ts';
import { readJournals, withJournals } from './read-journals.ts';
import { isThere, readRegularFile } from './regular-file.ts';
import { ReportDraft } from './report-draft.ts';
import { readSarif } from './sarif/read-sarif.ts';
import { parseUnifiedDiff } from './unified-diff/parse-unified-diff.ts';

/** Largest report; leaves room for changes in the 8 MiB of a manifest. */
const maxReportBytes = 6 * 1024 * 1024;
/** Largest diff: in a manifest its context stands twice. */
const maxPatchBytes = 2 * 1024 * 1024;
const maxErrorLength = 500;

/** The fields of a manifest that speak of the report: exactly one of the first two is null. */
export type ReadReport = {
  readonly report: AgentReport | null;
  readonly reportError: string | null;
  readonly patch?: PatchedFile[];
};

/** Whose report it is, how that agent ended, and whether the workspace is another one than it was given. */
export type ReportingRun = Pick<TaskInput, 'kind' | 'agent'> & {
  readonly end: RootExit & { readonly timedOut: boolean };
  readonly hasChanged: boolean;
  /** Was it asked to end at a ceiling of models? What it then says is not all that it would have. */
  readonly askedToEnd?: boolean;
};

type Reader = (text: string, draft: ReportDraft, workspace: string) => void;

/** By the name of the file that an agent leaves; null: it is in the contract's own format. */
const readers = new Map<string, Reader | null>([
  ['report.json', null],
  ['report.sarif', (text, draft, workspace) => readSarif(JSON.parse(text), draft, workspace)],
  ['report.rdjson', readRdjson],
  ['report.rdjsonl', readRdjsonl],
]);

/**
 * Reads the agent's report, whatever its format, and what it said while it worked. Here and not in the control plane:
 * a report that takes down its reader, or keeps it for ever, takes down this sandbox alone. More than one report, a
 * link, a pipe, one too large or of another shape is an error by name. A diff or changed files without a report are a
 * result of a fix alone: of a review they would say that an analyser which died found nothing.
 */
export function readReport(
  places: Pick<Places, 'out' | 'workspace'>,
  run: ReportingRun,
): ReadReport {
  try {
    const names = [...readers.keys()].filter((name) => isThere(`${places.out}/${name}`));
    const [name, ...others] = names;
    if (others.length > 0)
      return refused(`the agent left more than one report: ${names.join(', ')}`);
    const patch = isThere(`${places.out}/${patchName}`) ? { patch: readPatch(places) } : {};
    const journals = readJournals(places.out, run.end);
    const why = name === undefined && journals === undefined ? whyNone(run, patch) : undefined;
    if (why !== undefined) return refused(why);
    const json = name === undefined ? reportOfNone(run) : readFormat(name, places);
    const whole = withJournals(AgentReport.parse(json), journals);
    const report = withFaults(whole, run, journals?.faults ?? []);
    if (Buffer.byteLength(JSON.stringify(report)) > maxReportBytes)
      throw new Error(`the report is over ${maxReportBytes} bytes`);
    return { report, reportError: null, ...patch };
  } catch (error) {
    return refused(explain(error));
  }
}

/** Why what an agent left without any word is no result; undefined when it is. */
function whyNone(
  { kind, end, hasChanged }: ReportingRun,
  { patch }: Pick<ReadReport, 'patch'>,
): string | undefined {
  if (patch !== undefined && kind !== 'fix')
    return 'the agent left no report but a diff, which is enough for a fix alone';
  const isDone = kind === 'fix' && hasChanged && end.exitCode === 0;
  return patch !== undefined || isDone ? undefined : 'the agent left no report';
}

/**
 * The word that a report is not whole, which keeps its check from passing. A file that says all is well proves nothing
 * of an agent that failed: whatever the agent ran, a test of the pull request too, may have written it. How an agent
 * ended is said once, if it does not say so itself.
 */
function withFaults(
  report: AgentReport,
  run: ReportingRun,
  faults: readonly string[],
): AgentReport {
  const { agent } = run;
  const isSaid = report.toolErrors.some(({ tool }) => tool === agent);
  const ending = isSaid ? undefined : endingOf(run);
  const message = [...(ending === undefined ? [] : [ending]), ...faults].join('; ');
  if (message === '') return report;
  return { ...report, toolErrors: [...report.toolErrors.slice(0, 63), { tool: agent, message }] };
}

/** What is wrong with how an agent ended; undefined: nothing is. */
function endingOf({ end, askedToEnd }: ReportingRun): string | undefined {
  if (askedToEnd !== true && end.exitCode === 0) return undefined;
  const why = askedToEnd === true ? 'was asked to end at a ceiling of models' : howEnded(end);
  return `${why}, and had not done all of its work`;
}

function howEnded({ exitCode, signal, timedOut }: ReportingRun['end']): string {
  const how = exitCode === null ? `by ${signal ?? 'a signal'}` : `with exit code ${exitCode}`;
  return `ended ${how}${timedOut ? ' when its time was over' : ''}`;
}

/** What there is to say without a report. Whoever ended badly may have left a half of what it had. */
function reportOfNone({ agent, end }: ReportingRun): AgentReport {
  const draft = new ReportDraft();
  if (end.exitCode !== 0) draft.error(agent, `left no whole report, and ${howEnded(end)}`);
  return draft.finish();
}

function readFormat(name: string, { out, workspace }: Pick<Places, 'out' | 'workspace'>): unknown {
  // Some tools begin their files with a byte-order mark, which JSON does not have.
  const text = readRegularFile(`${out}/${name}`, maxReportBytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const read = readers.get(name) ?? null;
  if (read === null) return JSON.parse(text);
  const draft = new ReportDraft();
  read(text, draft, workspace);
  return draft.finish();
}

function readPatch({ out, workspace }: Pick<Places, 'out' | 'workspace'>): PatchedFile[] {
  const bytes = readRegularFile(`${out}/${patchName}`, maxPatchBytes);
  // What decoding replaces would be written into the file.
  if (!isUtf8(bytes)) throw new Error(`${patchName} is not UTF-8`);
  return parseUnifiedDiff(bytes.toString('utf8'), workspace);
}

function explain(error: unknown): string {
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return `the report is not valid at ${issue?.path.join('.')}: ${issue?.message}`;
  }
  if ((error as NodeJS.ErrnoException).code === 'ELOOP') return 'the report is not a regular file';
  return error instanceof SyntaxError ? 'the report is not JSON' : String(error);
}

function refused(reason: string): ReadReport {
  return { report: null, reportError: reason.slice(0, maxErrorLength).toWellFormed() };
}
