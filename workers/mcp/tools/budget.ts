import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { budgetName, ModelBudget } from '../../../src/protocol/model-budget.ts';
import { type AgentTool, agentTool } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';

/** Tells what the task may still use. */
export function budget({ input, places, findings }: Desk): AgentTool {
  return agentTool({
    name: 'budget',
    description:
      'What this task may use, as JSON: of models (what was left when it began; null: no ceiling), of findings, ' +
      'and the milliseconds that it may take from its start. Where a ceiling is reached you are asked to end, and what ' +
      'you have reported until then is kept.',
    schema: z.strictObject({}),
    isReading: true,
    answer: () => {
      const place = `${places.task}/${budgetName}`;
      const atStart = existsSync(place)
        ? ModelBudget.parse(JSON.parse(readFileSync(place, 'utf8')))
        : null;
      const { findings: most, agentMs } = input.limits;
      const reported = findings.lines().length;
      return JSON.stringify({ model: atStart, findings: { most, reported }, taskMs: agentMs });
    },
  });
}
