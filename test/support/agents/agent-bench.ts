import type { ModelApi } from '../../../src/domain/model-api.ts';
import type { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import type { ScriptedModel } from '../models/scripted-model.ts';

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
  readonly task?: { readonly [Key in keyof TaskInput]?: TaskInput[Key] | undefined };
  /** The agent is asked to end when this resolves. */
  readonly until?: Promise<unknown>;
}

/** How it went. */
export interface BenchEnd {
  readonly exitCode: number | null;
  readonly events: readonly AgentEvent[];
  readonly report: AgentReport | null;
  /** One JSON a line of `report_finding`. */
  readonly journal: readonly unknown[];
  /** Text by path of what is in the workspace afterwards. */
  readonly files: ReadonlyMap<string, string>;
  /** What it asked of a proxy. */
  readonly proxied: readonly string[];
  readonly output: string;
}

/** A place where agents run. */
export interface AgentBench {
  readonly name: string;
  run(order: BenchOrder): Promise<BenchEnd>;
}
