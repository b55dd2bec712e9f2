import { isAnalyser } from '../domain/analysers.ts';
import { chooseModel } from '../policy/decide/choose-model.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import { purposeOf } from '../policy/rules-of.ts';
import type { PromptTexts } from '../ports/prompt-texts.ts';
import type { AgentAsk } from './agent-ask.ts';

/** A task that is about to run, what its policy lets it reach, and what it is about. */
export interface AskedTask extends Omit<AgentAsk['prompt'], 'instructions' | 'labels'> {
  /** As the policy calls it. */
  readonly name: string;
  readonly rules: EffectiveTask;
  readonly reach: EgressPolicy;
}

/**
 * What the agent of a task is asked; undefined for an analyser, which reads no words.
 * @throws SallyportError `policy.invalid` for a model that the task may not use
 */
export function askOf(
  { name, rules, reach, ...about }: AskedTask,
  texts: PromptTexts,
): AgentAsk | undefined {
  if (isAnalyser(rules.agent)) return undefined;
  const purpose = purposeOf(name, rules);
  const model = chooseModel(rules.agent, rules.model, reach);
  const labels = purpose === 'triage' ? { labels: rules.outputs.labels } : {};
  return { purpose, model, prompt: { ...about, ...labels, instructions: texts[purpose] } };
}
