import type { PromptTexts } from '../ports/prompt-texts.ts';
import type { AgentPorts } from './agent-run.ts';
import type { Context } from './context.ts';

/** A runner: its name, which survives its restarts, and what it runs with. */
export interface Runner extends Omit<AgentPorts, 'artifacts' | 'clock'> {
  readonly id: string;
  readonly image: string;
  readonly promptTexts: PromptTexts;
}

/** The control plane's parts and the runner that uses them. */
export interface RunnerContext {
  readonly context: Context;
  readonly runner: Runner;
}
