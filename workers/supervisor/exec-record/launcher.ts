import { traceLine } from './trace-line.ts';

const shell = '/bin/sh';

/**
 * Waits for a line with the time of the head and the agent's name, and becomes that agent: same process, nothing
 * of the shell left. It would add PWD to the environment, which an agent does not get.
 */
const script =
  'read -r epoch agent && unset PWD OLDPWD && export SOURCE_DATE_EPOCH="$epoch"' +
  ' && exec "$0" "/opt/sallyport/agents/$agent.js" </dev/null';

/** What strace holds until there is a task. Its stdin is the supervisor's alone; the agent's is empty. */
export const launcher: readonly string[] = [shell, '-c', script, process.execPath];

/** The line that the launcher waits for. Both are checked by the schema of the task: no space, no line's end. */
export function launchOrder(input: {
  readonly sourceDateEpoch: number;
  readonly agent: string;
}): string {
  return `${input.sourceDateEpoch} ${input.agent}\n`;
}

/** Does this line of the trace say that the launcher has been executed? Undefined: it says nothing. */
export function isLaunched(line: Buffer): boolean | undefined {
  const said = traceLine(line);
  return said && said.kind === 'exec' && said.path === shell && said.result === 0;
}
