import type { ModelApi } from '../../src/domain/model-api.ts';
import type { AgentEvent } from '../../src/protocol/agent-event.ts';
import type { TaskInput, TaskModel } from '../../src/protocol/task-input.ts';

/** What an agent is started with. */
export interface AgentOrder {
  readonly input: TaskInput;
  readonly model: TaskModel;
  /** `http://127.0.0.1:3129/<label>`, to which the API's own path is added. */
  readonly modelUrl: string;
  /** Opens the model routes of this one task and nothing else. */
  readonly modelKey: string;
  readonly home: string;
  /** The `node_modules` of the agent's own packages. */
  readonly packages: string;
  /** The folder of Sallyport's own bundles. */
  readonly bundles: string;
  /** Of Node, and the operating system and processor as npm names them: `linux-x64`. */
  readonly node: string;
  readonly platform: string;
  /** The server of `report_finding` and the like, on its stdin and stdout. */
  readonly mcp: { readonly command: string; readonly args: readonly string[] };
}

/** How its program is started. It gets the prompt on its stdin. */
export interface AgentStart {
  /** Without the prompt: arguments are in the record of what was executed, and are short. */
  readonly argv: readonly [string, ...string[]];
  /** Besides what every program of the sandbox has. */
  readonly env: Readonly<Record<string, string>>;
  /** Text by path below HOME. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads what a program prints. */
export type LineReader = (line: string) => readonly AgentEvent[];

/** All that is particular to one coding agent. */
export interface AgentAdapter {
  readonly name: string;
  /** Of its program. */
  readonly version: string;
  /** The APIs that it asks models by. */
  readonly apis: readonly ModelApi[];
  /**
   * Files and folders at the top of the workspace that the program would execute or obey, whatever its options say.
   * They are away while it runs.
   */
  readonly aside: readonly string[];
  start(order: AgentOrder): AgentStart;
  /**
   * For one run. Its reader is given line by line what the program prints, which is hostile, and never throws. The
   * last `end` event counts: an agent that says none has not done its work, whatever its exit code.
   */
  reader(): LineReader;
}
