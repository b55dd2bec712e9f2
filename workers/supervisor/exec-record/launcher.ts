import { canaryVariable, modelKeyVariable } from '../../../src/protocol/agent-environment.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import { traceLine } from './trace-line.ts';

const shell = '/bin/sh';

/** Stands in the line for a word that there is none of. */
const none = '-';

function exportsWord(variable: string, word: string): string {
  return ` && { [ "$${word}" = ${none} ] || export ${variable}="$${word}"; }`;
}

/**
 * Where memory is used up it is the agent, or what it started, that the kernel ends, and not the supervisor: there is a
 * result then. Who takes that back loses its own.
 */
const diesFirst = '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null; ';

/**
 * Waits for a line with the time of the head, the agent's name, a canary and a key for models, and becomes that agent:
 * same process, nothing of the shell left. It would add PWD to the environment, which an agent does not get.
 */
const script =
  diesFirst +
  'read -r epoch agent canary key && unset PWD OLDPWD && export SOURCE_DATE_EPOCH="$epoch"' +
  exportsWord(canaryVariable, 'canary') +
  exportsWord(modelKeyVariable, 'key') +
  ' && exec "$0" "/opt/sallyport/agents/$agent.js" </dev/null';

/** What strace holds until there is a task. Its stdin is the supervisor's alone; the agent's is empty. */
export const launcher: readonly string[] = [shell, '-c', script, process.execPath];

/** What is to be run, and the words that are planted in its environment. */
export type LaunchOrder = {
  readonly input: Pick<TaskInput, 'agent' | 'limits' | 'sourceDateEpoch'>;
  readonly canary: string | undefined;
  readonly modelKey: string | undefined;
};

/** Printable, and nothing that a shell's `read` takes for two words or for none. */
const wordPattern = /^[\x21-\x7e]{2,4096}$/;

/** The line that the launcher waits for. @throws for a word that would not be one word there */
export function launchOrder({ input, canary, modelKey }: LaunchOrder): string {
  const words = [canary, modelKey].map((word) => {
    if (word !== undefined && !wordPattern.test(word))
      throw new Error('a word for the environment of the agent is no word');
    return word ?? none;
  });
  return `${[input.sourceDateEpoch, input.agent, ...words].join(' ')}\n`;
}

/** Does this line of the trace say that the launcher has been executed? Undefined: it says nothing. */
export function isLaunched(line: Buffer): boolean | undefined {
  const said = traceLine(line);
  return said && said.kind === 'exec' && said.path === shell && said.result === 0;
}
