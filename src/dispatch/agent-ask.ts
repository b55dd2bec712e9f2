import type { PromptOrder } from '../prompt/prompt-parts.ts';
import type { AgentOrder } from './agent-input.ts';

/** What an agent is asked that may be led by a model. */
export interface AgentAsk extends Required<Pick<AgentOrder, 'purpose' | 'model'>> {
  /** What its prompt is made from, besides what the sources say. */
  readonly prompt: Omit<PromptOrder, 'policyInstructions' | 'request' | 'parameters'>;
}

/** A second agent, and what it is asked of whatever the first one finds. */
export interface JudgeAsk extends Required<Pick<AgentOrder, 'model'>> {
  readonly agent: string;
  readonly image: string;
  /** The reviewed text of `policies/instructions`. */
  readonly instructions: string;
}
