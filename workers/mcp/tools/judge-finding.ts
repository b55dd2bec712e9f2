import { Opinion } from '../../../src/domain/opinion.ts';
import { type AgentTool, agentTool, Refusal } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';
import { quoted } from '../tree-file.ts';

/** Most findings that an answer names. */
const maxNamed = 20;

/** Says what a second agent thinks of a finding of the first. */
export function judgeFinding({ input, opinions }: Desk): AgentTool {
  const ids = (input.priorFindings ?? []).map(({ id }) => id);
  return agentTool({
    name: 'judge_finding',
    description:
      'Say whether a finding that you were given holds, by its id: confirmed only where you have seen in the code that ' +
      'it is so, refuted where you have seen that it is not, else unsure. Say it once you know: of several words on a ' +
      'finding the one that speaks most for it counts.',
    schema: Opinion,
    isReading: false,
    answer: (opinion) => {
      if (!ids.includes(opinion.id))
        throw new Refusal(`id: there is no finding ${quoted(opinion.id)}. list_findings has them.`);
      const known = new Set(opinions.lines().map((one) => Opinion.parse(one).id));
      opinions.add({ ...opinion, reason: opinion.reason.toWellFormed() });
      known.add(opinion.id);
      const rest = ids.filter((id) => !known.has(id));
      if (rest.length === 0) return 'Kept. Every finding has an opinion.';
      return `Kept. Without one: ${rest.slice(0, maxNamed).join(', ')} (${rest.length}).`;
    },
  });
}
