import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckCommand, CheckCommandResult } from '../../../src/domain/check-command.ts';
import { modelKeyVariable } from '../../../src/protocol/agent-environment.ts';
import { protocolVersion, TaskInput } from '../../../src/protocol/task-input.ts';
import type { HarnessRun } from '../../agent-run/harness.ts';
import { leaveReport } from '../../agent-run/leave-report.ts';
import { runProgram } from '../../agent-run/program.ts';
import { programEnvironment } from '../../agent-run/program-environment.ts';

/** Where the programs run, and what they are given. */
export type CommandRun = Omit<HarnessRun, 'adapter'>;

const maxOutputBytes = 8_000;

/**
 * Runs the commands of a task one after the other, each to its end, and leaves how they ended, unless one of them left
 * a report. One that fails does not keep the next from running: all that is wrong is told at once. Resolves with
 * the exit code: 0 when there were commands and all of them ended well.
 *
 * @throws when there is no task, or no report can be written.
 */
export async function runCommands(run: CommandRun): Promise<number> {
  const file = join(run.places.task, 'task.json');
  const input = TaskInput.parse(JSON.parse(await readFile(file, 'utf8')));
  const commands = input.commands ?? [];
  const env = programEnvironment(run.env, variables(run, input));
  const results: CheckCommandResult[] = [];
  for (const command of commands) {
    if (run.signal.aborted) break;
    run.print(`::progress ${command.name}\n`);
    results.push(await runOne(command, env, run));
  }
  const error = whatIsWrong(commands, results);
  const tool = { name: 'command', version: String(protocolVersion) };
  await leaveReport(run.places.out, { tool, error, commands: results });
  return error === undefined ? 0 : 1;
}

async function runOne(
  { name, run: argv }: CheckCommand,
  env: Readonly<Record<string, string>>,
  { places, signal, print }: CommandRun,
): Promise<CheckCommandResult> {
  const startMs = performance.now();
  const [file = '', ...args] = argv;
  const end = await runProgram({
    argv: [file, ...args],
    cwd: places.workspace,
    env,
    stdin: '',
    // To the log, and never as a word to the supervisor.
    onLine: (line) => print(line.replace(/^::/, ' ::').concat('\n')),
    tailBytes: maxOutputBytes,
    hasOutputInTail: true,
    signal,
  });
  return {
    name,
    exitCode: end.exitCode,
    signal: end.signal,
    ms: Math.round(performance.now() - startMs),
    output: (end.startError ?? end.tail).slice(-maxOutputBytes).toWellFormed(),
  };
}

/** Names for what a program of any kind needs to be an agent. */
function variables({ places, env }: CommandRun, { model }: TaskInput): Record<string, string> {
  const key = env[modelKeyVariable];
  return {
    TASK_FILE: join(places.task, 'task.json'),
    PROMPT_FILE: join(places.task, 'prompt.md'),
    DIFF_FILE: join(places.task, 'diff.patch'),
    BASE_DIR: places.mergeBase,
    OUT_DIR: places.out,
    ...(model === undefined
      ? {}
      : { MODEL_URL: `${places.models}/${model.label}`, MODEL_NAME: model.name }),
    ...(model === undefined || key === undefined ? {} : { MODEL_KEY: key }),
  };
}

function whatIsWrong(
  commands: readonly CheckCommand[],
  results: readonly CheckCommandResult[],
): string | undefined {
  if (commands.length === 0) return 'the task names no commands';
  const failed = results.filter(({ exitCode }) => exitCode !== 0);
  const words = failed.map(({ name, exitCode, signal }) =>
    exitCode === null
      ? `${name}: ended by ${signal ?? 'an error at its start'}`
      : `${name}: exit code ${exitCode}`,
  );
  const unrun = commands.slice(results.length).map(({ name }) => `${name}: not run`);
  return [...words, ...unrun].join('; ') || undefined;
}
