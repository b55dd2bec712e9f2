import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { AgentReport } from '../../src/protocol/agent-report.ts';

/** Largest report; leaves room for changes in the 8 MiB of a manifest. */
const maxReportBytes = 6 * 1024 * 1024;
const maxErrorLength = 500;

/** The two fields of a manifest that speak of the report: exactly one is null. */
export type ReadReport = {
  readonly report: AgentReport | null;
  readonly reportError: string | null;
};

/** Reads the agent's report; a link, a pipe, one too large or of another shape is an error by name. */
export function readReport(place: string): ReadReport {
  try {
    const parsed = AgentReport.safeParse(JSON.parse(readRegularFile(place)));
    if (parsed.success) return { report: parsed.data, reportError: null };
    const issue = parsed.error.issues[0];
    return refused(`the report is not valid at ${issue?.path.join('.')}: ${issue?.message}`);
  } catch (error) {
    return refused(explain(error));
  }
}

function readRegularFile(place: string): string {
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('the report is not a regular file');
    if (stat.size > maxReportBytes) throw new Error(`the report is over ${maxReportBytes} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'the agent left no report';
  if (code === 'ELOOP') return 'the report is not a regular file';
  return error instanceof SyntaxError ? 'the report is not JSON' : String(error);
}

function refused(reason: string): ReadReport {
  return { report: null, reportError: reason.slice(0, maxErrorLength).toWellFormed() };
}
