import { chooseModel } from '../policy/decide/choose-model.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { EgressPolicy } from '../policy/egress-policy.ts';
import type { PromptTexts } from '../ports/prompt-texts.ts';
import type { JudgeAsk } from './agent-ask.ts';
import { type AgentImageSource, imageFor } from './image-for.ts';

/**
 * The second agent of a task, in the runner's own image of it: what the policy names as an image is the first one's.
 * Undefined where the policy wants none. Looked for before the first one starts, so that nobody waits for nothing.
 * @throws SallyportError `policy.invalid` for a model that the task may not use, `engine.missing-image`,
 * `engine.missing-agent`, or what the engine could not answer by
 */
export async function judgeOf(
  { secondOpinion: { agent, model } }: Pick<EffectiveTask, 'secondOpinion'>,
  reach: Pick<EgressPolicy, 'modelRoutes'>,
  runner: AgentImageSource & { readonly promptTexts: PromptTexts },
): Promise<JudgeAsk | undefined> {
  if (agent === null) return undefined;
  const image = await imageFor(runner, { agent, image: null });
  const chosen = chooseModel(agent, model, reach);
  return { agent, image, model: chosen, instructions: runner.promptTexts.judge };
}
