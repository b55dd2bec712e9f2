import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { maxTriageLabels, TriageAnswer } from '../../../src/domain/triage-answer.ts';
import { journalNames } from '../../../src/protocol/journal.ts';
import { type AgentTool, agentTool, Refusal } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';
import { quoted } from '../tree-file.ts';

const Arguments = z.strictObject({
  labels: z
    .array(z.string().min(1).max(100))
    .max(maxTriageLabels)
    .describe('Labels of the list that you were given, and no others.'),
  answer: z
    .string()
    .min(1)
    .max(4_000)
    .optional()
    .describe('A first answer to whoever opened the issue, in Markdown. Left out: none.'),
});

/** Says what should become of an issue. */
export function proposeLabels({ places, input }: Desk): AgentTool {
  return agentTool({
    name: 'propose_labels',
    description:
      'Propose labels and a first answer for the issue. People or the policy decide. A later call replaces an earlier one.',
    schema: Arguments,
    isReading: false,
    answer: ({ labels, answer = null }) => {
      const unique = [...new Set(labels.map((label) => listed(label, input.labels ?? [])))];
      const proposal = TriageAnswer.parse({
        labels: unique,
        answer: answer?.toWellFormed() ?? null,
      });
      // Another name first: whoever reads it reads a whole one.
      const made = `${places.out}/${journalNames.triage}.${process.pid}`;
      rmSync(made, { force: true });
      writeFileSync(made, JSON.stringify(proposal), { flag: 'wx' });
      renameSync(made, `${places.out}/${journalNames.triage}`);
      return `Kept: ${unique.length} labels and ${answer === null ? 'no' : 'an'} answer.`;
    },
  });
}

/** A label as the list spells it: GitHub compares labels without case. */
function listed(label: string, list: readonly string[]): string {
  const found = list.find((one) => one.toLowerCase() === label.toLowerCase());
  if (found !== undefined) return found;
  const all = list.length === 0 ? 'there are none' : `there are ${list.map(quoted).join(', ')}`;
  throw new Refusal(`labels: ${quoted(label)} is not one of yours: ${all}. Leave it out.`);
}
