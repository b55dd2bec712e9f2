import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentReport } from '../../src/protocol/agent-report.ts';
import { isThere } from './set-aside.ts';

/** Every report that an agent may have left by itself. */
const reportNames = ['report.json', 'report.sarif', 'report.rdjson', 'report.rdjsonl'];
const maxMessageLength = 2_000;

/** What a harness says when its agent left no report. */
export interface HarnessWords extends Pick<AgentReport, 'commands'> {
  readonly tool: { readonly name: string; readonly version: string };
  readonly error: string | undefined;
}

/** Writes the report, unless the agent left one: its own stays. */
export async function leaveReport(out: string, words: HarnessWords): Promise<void> {
  for (const name of reportNames) if (await isThere(join(out, name))) return;
  await writeFile(join(out, 'report.json'), `${JSON.stringify(reportOf(words))}\n`, { flag: 'wx' });
}

function reportOf({ tool, error, commands }: HarnessWords): AgentReport {
  const message = (error ?? '').slice(0, maxMessageLength).toWellFormed();
  return AgentReport.parse({
    findings: [],
    tools: [tool],
    toolErrors: error === undefined ? [] : [{ tool: tool.name, message }],
    ...(commands === undefined ? {} : { commands }),
  });
}
