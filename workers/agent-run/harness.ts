import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modelKeyVariable } from '../../src/protocol/agent-environment.ts';
import type { AgentEvent } from '../../src/protocol/agent-event.ts';
import { TaskInput } from '../../src/protocol/task-input.ts';
import type { AgentAdapter, AgentOrder, AgentStart } from './agent-adapter.ts';
import { AgentOutput } from './agent-output.ts';
import type { AgentPlaces } from './agent-places.ts';
import { describeEnd, exitCodeOf } from './describe-end.ts';
import { leaveReport } from './leave-report.ts';
import { type ProgramEnd, runProgram } from './program.ts';
import { type Environment, programEnvironment } from './program-environment.ts';
import { setAside } from './set-aside.ts';
import { ToolWatch } from './tool-watch.ts';

/** One run of a coding agent. */
export interface HarnessRun {
  readonly adapter: AgentAdapter;
  readonly places: AgentPlaces;
  readonly env: Environment;
  readonly print: (text: string) => void;
  /** When it fires the agent is to end. */
  readonly signal: AbortSignal;
}

/**
 * Starts an agent's program with its task, tells what it says of itself, and leaves a report. Resolves with the exit
 * code: 0 when the agent has done its work. An agent that cannot do its task is not started, and the report says why.
 *
 * @throws when there is no task, or no report can be written.
 */
export async function runHarness(run: HarnessRun): Promise<number> {
  const { adapter, places } = run;
  const input = TaskInput.parse(JSON.parse(await readFile(join(places.task, 'task.json'), 'utf8')));
  const order = orderOf(run, input);
  const tool = { name: adapter.name, version: adapter.version };
  if (typeof order === 'string') {
    await leaveReport(places.out, { tool, error: order });
    return 1;
  }
  const watch = await ToolWatch.start(toolSocket(places));
  const output = new AgentOutput(run.print);
  output.progress(`${adapter.name} ${adapter.version} asks ${order.model.name}`);
  const end = await runWithFiles(run, adapter.start(order), (events) => {
    output.take(events);
    watch.take(events);
  });
  watch.close();
  const wasStopped = run.signal.aborted;
  const error = describeEnd(output.finish(), end, wasStopped) ?? watch.fault;
  await leaveReport(places.out, { tool, error });
  return error === undefined ? 0 : exitCodeOf(end, wasStopped);
}

/** Why the agent cannot do this task, in words, or what it is to be started with. */
function orderOf({ adapter, places, env }: HarnessRun, input: TaskInput): AgentOrder | string {
  const { model } = input;
  const modelKey = env[modelKeyVariable];
  if (model === undefined) return 'the task names no model, and this agent needs one';
  if (!adapter.apis.includes(model.api))
    return `asks models by ${adapter.apis.join(' or ')}, and the model of the task is asked by ${model.api}`;
  if (modelKey === undefined) return `there is no ${modelKeyVariable} to ask the model with`;
  return {
    input,
    model,
    modelUrl: `${places.models}/${model.label}`,
    modelKey,
    home: places.home,
    packages: join(places.agents, adapter.name, 'node_modules'),
    bundles: places.bundles,
    node: process.execPath,
    platform: `linux-${process.arch}`,
    mcp: {
      command: process.execPath,
      args: [join(places.bundles, 'mcp.js'), `--harness=${toolSocket(places)}`],
    },
  };
}

function toolSocket({ home }: AgentPlaces): string {
  return join(home, '.sallyport/tools.sock');
}

async function runWithFiles(
  run: HarnessRun,
  start: AgentStart,
  take: (events: readonly AgentEvent[]) => void,
): Promise<ProgramEnd> {
  const { places, adapter } = run;
  const stdin = await readFile(join(places.task, 'prompt.md'), 'utf8');
  for (const [path, text] of Object.entries(start.files)) {
    const file = join(places.home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
  }
  const read = adapter.reader();
  const putBack = await setAside(
    places.workspace,
    adapter.aside,
    join(places.home, '.sallyport-aside'),
  );
  try {
    return await runProgram({
      argv: start.argv,
      cwd: places.workspace,
      env: programEnvironment(run.env, start.env),
      stdin,
      onLine: (line) => take(read(line)),
      signal: run.signal,
    });
  } finally {
    await putBack();
  }
}
