import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { reportPath } from '../../../src/protocol/agent-report.ts';
import {
  type ContainmentLine,
  ContainmentOrder,
  type Facts,
} from '../../../src/protocol/containment.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { errorCode } from './ask.ts';
import type { Attempt } from './attempt.ts';
import { attempts } from './attempts.ts';
import { spokenAttempt } from './speak.ts';

/*
 * The agent `containment`: tries to break out of the sandbox, on the order of `sallyport doctor --attack`.
 * No policy can name it, so nobody on GitHub can ask for it; and whatever it tries, any other program in
 * the sandbox could have tried.
 */
const task = TaskInput.parse(JSON.parse(readFileSync('/task/task.json', 'utf8')));
const order = ContainmentOrder.parse(JSON.parse(task.instructions ?? 'null'));

function say(attempt: string, facts: Facts, isDone: boolean): void {
  const line: ContainmentLine = { nonce: order.nonce, attempt, facts, isDone };
  writeAll(`${JSON.stringify(line)}\n`);
}

/** At once and whole: the next moment may be the last. The pipe does not block, so a full one is asked again. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
    }
  }
}

async function run({ id, attempt }: Attempt): Promise<void> {
  const tell = (facts: Facts): void => say(id, facts, false);
  try {
    say(id, await attempt({ order, tell }), true);
  } catch (error) {
    // Without `isDone`: an attempt that could not be made has not been withstood.
    tell({ fault: error instanceof Error ? error.message.slice(0, 1_000) : String(error) });
  }
}

// First, so that the attempts that are about the report find one to replace.
writeFileSync(reportPath, JSON.stringify({ findings: [], tools: [], toolErrors: [] }));
for (const id of order.attempts) {
  const known = attempts.find((attempt) => attempt.id === id) ?? spokenAttempt(id);
  if (known === undefined) say(id, { fault: 'this image knows no such attempt' }, false);
  else await run(known);
}
process.exit(0);
