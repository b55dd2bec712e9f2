import type { CheckCommandResult } from '../../../src/domain/check-command.ts';
import { manifest } from '../wire/hostile-sandbox.ts';
import { answers, type Behaviour } from './fake-sandbox.ts';

/** What the sandboxes of one task do, one after the other. One more than there are is an error of the test. */
export function inTurn(...behaviours: readonly Behaviour[]): Behaviour {
  let count = 0;
  return (session, running) => {
    const behave = behaviours[count];
    count += 1;
    if (behave === undefined) throw new Error(`nobody said what sandbox ${count} does`);
    return behave(session, running);
  };
}

/** How a command ended, by its exit code alone. */
export function ended(name: string, exitCode = 0, output = ''): CheckCommandResult {
  return { name, exitCode, signal: null, ms: 1_500, output };
}

/** An agent that ran commands, which ended like this; `part` replaces any part of the manifest. */
export function ranCommands(commands: readonly CheckCommandResult[], part: object = {}): Behaviour {
  const exitCode = commands.every((one) => one.exitCode === 0) ? 0 : 1;
  return answers({
    agent: { exitCode, signal: null, timedOut: false },
    report: { ...manifest.report, commands },
    ...part,
  });
}
