import type { z } from 'zod';
import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { taskInput } from '../../unit/protocol/samples.ts';
import type { ScriptedModel } from '../models/scripted-model.ts';

/** Before they are read. */
type TaskFields = z.input<typeof TaskInput>;

/** So many requests are answered. At the next one `reached` resolves, and the agent is asked to end. */
export interface Ceiling {
  readonly requests: number;
  readonly reached: Promise<unknown>;
}

/** What an agent is to be run with. */
export interface BenchOrder {
  readonly agent: string;
  readonly model: ScriptedModel;
  /** The provider's key, which is what the model is asked with in the end. */
  readonly key: string;
  readonly api: ModelApi;
  readonly modelName: string;
  readonly prompt?: string;
  /** Text by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Fields of the task besides those that every task has. */
  readonly task?: { readonly [Key in keyof TaskFields]?: TaskFields[Key] | undefined };
  readonly ceiling?: Ceiling;
  /** On this machine alone: the server of its tools ends as soon as it is started. */
  readonly hasNoTools?: true;
}

/** How it went. */
export interface BenchEnd {
  readonly exitCode: number | null;
  readonly events: readonly AgentEvent[];
  /** As the supervisor reads it, with what was reported by MCP. */
  readonly report: AgentReport | null;
  /** Text by path of what is in the workspace afterwards. */
  readonly files: ReadonlyMap<string, string>;
  /** What it asked for besides its model, or of its model in a way that is refused. */
  readonly denied: readonly string[];
  /** What the broker charged for; undefined where there is none. */
  readonly chargedTokens?: number;
  /** Lines that it printed, and its words of progress as `::progress …`. */
  readonly output: string;
}

/** A place where agents run. */
export interface AgentBench {
  readonly name: string;
  /** Makes ready what an agent needs to run here. It may take minutes. */
  prepare(agent: string): Promise<void>;
  run(order: BenchOrder): Promise<BenchEnd>;
}

/** The task of an order, which both places are given alike. */
export function taskOf({ agent, api, modelName, task }: BenchOrder): TaskInput {
  const model = { api, label: modelLabel, name: modelName };
  const limits = { ...taskInput.limits, ...patience };
  return TaskInput.parse({ ...taskInput, agent, model, limits, ...task });
}

/** Time is no ceiling that an agent reaches by accident. */
const patience = { agentMs: 120_000, resultBytes: 1024 * 1024, resultFiles: 100 };

/** Of the route. */
export const modelLabel = 'scripted';
export const canary = 'a-canary';
export const plainFiles: Readonly<Record<string, string>> = { 'a.txt': 'hello\n' };
export const plainPrompt = 'Do as the model says.';
