import { z } from 'zod';
import { type AgentTool, agentTool } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';
import { pageOf } from '../page.ts';

/** Tells what was found before, and what this agent has reported. */
export function listFindings({ input, findings }: Desk): AgentTool {
  return agentTool({
    name: 'list_findings',
    description:
      'List what was found in this pull request before (prior, each with an id: open, dismissed by people, or asked, ' +
      'which is what this task is about) and what you have reported (reported). One JSON a line.',
    schema: z.strictObject({ offset: z.int().min(0).optional() }),
    isReading: true,
    answer: ({ offset }) => {
      const rows = [
        ...(input.priorFindings ?? []).map((prior) => ({ prior })),
        ...findings.lines().map((reported) => ({ reported })),
      ];
      if (rows.length === 0) return 'Nothing was found before, and nothing is reported.';
      return pageOf(rows.map((row) => JSON.stringify(row)).join('\n'), offset);
    },
  });
}
