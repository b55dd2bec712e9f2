import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ReadReport,
  type ReportingRun,
  readReport,
} from '../../../workers/supervisor/report/read-report.ts';

/** A fix whose agent ended well. */
export const doneFix: ReportingRun = {
  kind: 'fix',
  agent: 'probe',
  end: { exitCode: 0, signal: null, timedOut: false },
  hasChanged: false,
};

/** What a supervisor reads when an agent left these files in its folder for reports. */
export function readLeft(
  files: Readonly<Record<string, string>>,
  run: ReportingRun = doneFix,
): ReadReport {
  const out = mkdtempSync(join(tmpdir(), 'left-report-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
    return readReport({ out, workspace: '/workspace' }, run);
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** The same, of a report that has to be readable. */
export function reportIn(files: Readonly<Record<string, string>>) {
  const { report, reportError } = readLeft(files);
  if (report === null) throw new Error(`no report: ${String(reportError)}`);
  return report;
}
