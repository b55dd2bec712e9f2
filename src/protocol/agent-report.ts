import { z } from 'zod';
import { CheckCommandResults } from '../domain/check-command.ts';
import { Opinion } from '../domain/opinion.ts';
import { shortList } from '../domain/short-list.ts';
import { TriageAnswer } from '../domain/triage-answer.ts';
import { ReportedFinding } from './reported-finding.ts';
import { maxPriorFindings } from './task-input.ts';

/** Where the agent leaves its report, inside the sandbox: one of several formats, or this one. */
export const outFolder = '/out';
export const reportPath = `${outFolder}/report.json`;

/** Where it may leave a unified diff, of what it did not change in the workspace. */
export const patchName = 'patch.diff';

/** Most edits of all fixes of a report. */
export const maxEdits = 20_000;

/** Name and version of an analyser that ran. */
export const ToolVersion = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  version: z.string().max(64),
});
export type ToolVersion = z.infer<typeof ToolVersion>;

/** What an agent says, besides the files that it changed in `/workspace`. */
export const AgentReport = z.strictObject({
  findings: z.array(ReportedFinding),
  tools: shortList(ToolVersion, 64),
  toolErrors: shortList(
    z.strictObject({ tool: z.string().max(64), message: z.string().max(2_000) }),
    64,
  ),
  /** What it thinks of `priorFindings`, where its task is to judge them. */
  opinions: shortList(Opinion, maxPriorFindings).optional(),
  /** What it would do with the issue, where its task is triage. */
  triage: TriageAnswer.optional(),
  /** How the commands ended, where its task is to verify. */
  commands: CheckCommandResults.optional(),
});
export type AgentReport = z.infer<typeof AgentReport>;
