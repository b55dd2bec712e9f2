import { canaryVariable } from '../../../src/protocol/agent-environment.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import { traceLine } from './trace-line.ts';

const shell = '/bin/sh';

/**
 * Waits for a line with the time of the head, the agent's name and perhaps a canary, and becomes that agent: same
 * process, nothing of the shell left. It would add PWD to the environment, which an agent does not get.
 */
const script =
  'read -r epoch agent canary && unset PWD OLDPWD && export SOURCE_DATE_EPOCH="$epoch"' +
  ` && { [ -z "$canary" ] || export ${canaryVariable}="$canary"; }` +
  ' && exec "$0" "/opt/sallyport/agents/$agent.js" </dev/null';

/** What strace holds until there is a task. Its stdin is the supervisor's alone; the agent's is empty. */
export const launcher: readonly string[] = [shell, '-c', script, process.execPath];

/** What is to be run, and the word that is planted in its environment. */
export type LaunchOrder = {
  readonly input: Pick<TaskInput, 'agent' | 'limits' | 'sourceDateEpoch'>;
  readonly canary: string | undefined;
};

/** The line that the launcher waits for. Its words are the control plane's: no space, no line's end. */
export function launchOrder({ input, canary = '' }: LaunchOrder): string {
  return `${input.sourceDateEpoch} ${input.agent} ${canary}\n`;
}

/** Does this line of the trace say that the launcher has been executed? Undefined: it says nothing. */
export function isLaunched(line: Buffer): boolean | undefined {
  const said = traceLine(line);
  return said && said.kind === 'exec' && said.path === shell && said.result === 0;
}
