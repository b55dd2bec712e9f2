import type { EndEvent } from './agent-output.ts';
import type { ProgramEnd } from './program.ts';

/** With it and all other words a message is still below the 2,000 characters of a report. */
const maxTailLength = 1_500;

/** What is wrong with how an agent's program ended; undefined when it has done its work. */
export function describeEnd(
  said: EndEvent | undefined,
  end: ProgramEnd,
  wasStopped: boolean,
): string | undefined {
  if (said?.how === 'done' && end.exitCode === 0) return undefined;
  const tail = end.tail.trim().slice(-maxTailLength);
  const words = [faultOf(said, end, wasStopped), said?.text ?? '', tail];
  return words.filter((word) => word !== '').join(': ');
}

function faultOf(said: EndEvent | undefined, end: ProgramEnd, wasStopped: boolean): string {
  if (end.startError !== undefined) return `could not be started, ${end.startError}`;
  if (wasStopped) return 'ended by SIGTERM before it was done';
  if (said?.how === 'refused') return 'the model refused';
  if (said?.how === 'turns') return 'used all its turns';
  const how = end.exitCode === null ? `by ${end.signal}` : `with exit code ${end.exitCode}`;
  if (said?.how === 'done') return `said that it was done, and ended ${how}`;
  return said === undefined ? `ended ${how} and did not say that it was done` : `ended ${how}`;
}

/** The exit code of a harness whose agent was not done: that of the agent, if it has one. */
export function exitCodeOf({ exitCode }: ProgramEnd, wasStopped: boolean): number {
  // 128 + SIGTERM, as a shell has it.
  if (wasStopped) return 143;
  return exitCode === null || exitCode === 0 ? 1 : exitCode;
}
