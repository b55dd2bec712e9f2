import type { AgentTool } from './agent-tool.ts';
import type { Desk } from './desk.ts';
import { budget } from './tools/budget.ts';
import { getBaseFile } from './tools/get-base-file.ts';
import { getDiff } from './tools/get-diff.ts';
import { judgeFinding } from './tools/judge-finding.ts';
import { listFindings } from './tools/list-findings.ts';
import { proposeLabels } from './tools/propose-labels.ts';
import { reportFinding } from './tools/report-finding.ts';

/** The tools of a task: those of every task, and what its purpose asks for. */
export function toolsOf(desk: Desk): readonly AgentTool[] {
  const { purpose } = desk.input;
  return [
    reportFinding(desk),
    listFindings(desk),
    getDiff(desk),
    getBaseFile(desk),
    budget(desk),
    ...(purpose === 'judge' ? [judgeFinding(desk)] : []),
    ...(purpose === 'triage' ? [proposeLabels(desk)] : []),
  ];
}
