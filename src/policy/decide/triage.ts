import type { TriageAnswer } from '../../domain/triage-answer.ts';
import type { EffectiveTask } from '../effective-policy.ts';

/** What may come of a triage: labels as the policy spells them, and the first answer. */
export interface AllowedTriage {
  readonly labels: readonly string[];
  readonly answer: string | null;
  /** Labels that the agent wanted and the policy does not have. */
  readonly refused: readonly string[];
}

/** Takes from what an agent would do with an issue what the policy lets out. GitHub compares labels without case. */
export function allowedTriage(
  { labels, answer }: TriageAnswer,
  { outputs }: Pick<EffectiveTask, 'outputs'>,
): AllowedTriage {
  const known = new Map(outputs.labels.map((label) => [label.toLowerCase(), label]));
  const found = labels.map((label) => known.get(label.toLowerCase()));
  return {
    labels: [...new Set(found.filter((label) => label !== undefined))],
    answer: outputs.answer === 'automatic' ? answer : null,
    refused: labels.filter((_, at) => found[at] === undefined),
  };
}
