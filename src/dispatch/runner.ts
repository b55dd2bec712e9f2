import type { PromptTexts } from '../ports/prompt-texts.ts';
import type { AgentPorts } from './agent-run.ts';
import type { Context } from './context.ts';
import type { AgentImageSource } from './image-for.ts';

/** A runner: its name, which survives its restarts, and what it runs with. */
export interface Runner extends Omit<AgentPorts, 'artifacts' | 'clock'>, AgentImageSource {
  readonly id: string;
  readonly promptTexts: PromptTexts;
}

/** The control plane's parts and the runner that uses them. */
export interface RunnerContext {
  readonly context: Context;
  readonly runner: Runner;
}
